import type {Frame, Message, Page} from '../../../contract/resources.js'
import type {Channel} from '../channel.js'
import type {Connection} from '../connection/connection.js'

/** A channel, and where in it a feed begins. */
export interface ChannelStart {
  readonly channel: Channel
  /** So many messages of history come first. Default 0. */
  readonly last?: number | undefined
  /** Everything after this id comes; then `last` counts for nothing. */
  readonly afterId?: number | undefined
  /** Ids above `afterId` that are not wanted again, because an earlier run has had them. */
  readonly delivered?: readonly number[] | undefined
  /**
   * With `afterId`: an earlier run has had everything up to this id that was there then. The way to being live begins here,
   * however far back `afterId` is; what has become visible below since then is found by the comparisons, and is late.
   */
  readonly seenTo?: number | undefined
}

/** A channel that `discover` has found. */
export interface FoundChannel extends Channel {
  /** A conversation that may have begun before the feed: of that only what comes from now on is wanted. */
  readonly mayBeOld?: boolean | undefined
}

/** Why there is no connection. */
export interface Cause {
  readonly error: unknown
  /** The server's close code, where it closed the connection. */
  readonly closeCode?: number
}

/** What happens beside the messages. */
export type FeedEvent =
  /** All channels are live for the first time; `lastId` is the newest message of each, 0 in an empty one. */
  | {
      readonly type: 'ready'
      readonly channels: readonly {readonly channel: Channel; readonly lastId: number}[]
    }
  /** What was live is so no more. */
  | ({readonly type: 'disconnected'} & Cause)
  /** The nth attempt since the last live session comes after a delay; the cause is what ended the one before it. */
  | ({readonly type: 'reconnecting'; readonly attempt: number; readonly delayMs: number} & Cause)
  /** All channels are live again, and every gap is closed. */
  | {readonly type: 'reconnected'; readonly downMs: number}
  /** Messages that came from history because no frame had brought them while the connection was down. */
  | {
      readonly type: 'gap_filled'
      readonly channel: Channel
      readonly from: number
      readonly to: number
      readonly count: number
    }
  /** Messages that were dropped because the reader is too slow (`onLag: 'drop'`): so many now, so many in all. */
  | {readonly type: 'lagged'; readonly count: number; readonly total: number}
  /** A channel that the account may not read, or not any more, is left out; see `onRefusal`. */
  | {readonly type: 'unfollowed'; readonly channel: Channel; readonly error: unknown}
  /** Something was wrong with one frame or one look at history; the feed goes on. */
  | {readonly type: 'warning'; readonly message: string}

/**
 * What a feed gives out, in order. `channel` is the very object of the `ChannelStart`, so that what waited from before an
 * `unfollow` can be told from what comes after a new `follow`; not so where it went through the file of `spill`.
 */
export type FeedItem =
  /** `late`: the server never broadcast it, history had it. Its place is filled in where the server leaves it out. */
  | {readonly type: 'message'; readonly channel: Channel; readonly message: Message; readonly late: boolean}
  /**
   * Every message of the channel up to `id` that is wanted was given out before this item: a later run may begin after
   * `id`. The first one of a channel comes before its messages, the next ones some 30 to 60 s behind them.
   */
  | {readonly type: 'checkpoint'; readonly channel: Channel; readonly id: number}
  /**
   * Any other event of the server, such as `reaction_added` or `user_presence`, of known type or not, unless it names a
   * room or a conversation that is not followed. Answers to frames of a client (see `isAnswer`) are none.
   */
  | {readonly type: 'frame'; readonly frame: Frame}
  /** The events above, each at its place in the stream. `onEvent` tells of them at once. */
  | {readonly type: 'event'; readonly event: FeedEvent}

/** What happens when the reader is slower than the channels. */
export type LagPolicy =
  /** The socket is paused, so that the server feels it. */
  | 'block'
  /** The oldest waiting messages are dropped and counted. */
  | 'drop'
  /** What waits goes to a file. */
  | 'spill'

/** An open connection, and the token to authenticate with there; none where the handshake has done it. */
export interface Dialled {
  readonly connection: Connection
  readonly token: string | undefined
}

/** Clock, chance and waiting, so that tests hold all three. */
export interface FeedEffects {
  /** Milliseconds of a clock that never goes backwards. */
  now(): number
  /** At least 0, less than 1. */
  random(): number
  /** Waits; an abort of the signal ends it at once, with an error or without. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

/** Which page of a channel's history: the newest, or the one before `beforeId`, or the one right after `afterId`. */
export interface PageQuery {
  readonly limit: number
  readonly beforeId?: number
  /** A server that does not know it answers with the newest page (section 7). */
  readonly afterId?: number
  readonly signal: AbortSignal
}

/** Reads one page of messages, in any order (section 4). */
export type ReadPage = (channel: Channel, query: PageQuery) => Promise<Page<Message>>

/** Finds all channels that are to be followed; the signal is the end of the connection. */
export type Discover = (signal: AbortSignal) => Promise<readonly FoundChannel[]>

/** What becomes of a feed when the server refuses one of its channels (403, 404, or the same as an answer to a join). */
export type RefusalPolicy =
  /** It ends with that error. */
  | 'end'
  /** The channel is left out, which the event `unfollowed` tells. */
  | 'unfollow'

/** What a feed reads, and from where. */
export interface FeedOptions {
  /** What it follows from the beginning; may be none. */
  readonly channels: readonly ChannelStart[]
  /**
   * Asked at each reconnection and each reconciliation, and at once when a `dm_message` of an unknown conversation comes:
   * channels that are not known yet are followed from then on, a room from now on, a conversation from its beginning, or
   * from the message that made it known where it may be old; not those that were unfollowed.
   */
  readonly discover?: Discover | undefined
  /** Default `unfollow` with `discover`, without it `end`. */
  readonly onRefusal?: RefusalPolicy | undefined
  /**
   * Gets a valid token and opens a connection, anew for each attempt. `tokenRefused`: the server did not accept the token
   * of the last attempt, so another one is needed.
   */
  readonly connect: (signal: AbortSignal, about: {readonly tokenRefused: boolean}) => Promise<Dialled>
  readonly readPage: ReadPage
  /** Failed attempts in a row. Default without end, but `firstReconnects` as long as the server has not been live at all. */
  readonly maxReconnects?: number | undefined
  /** Failed attempts in a row before the server was live once. Default 2. */
  readonly firstReconnects?: number | undefined
  /** Ceiling of the first delay before another attempt, and of all. Defaults: see `reconnect.ts`. */
  readonly firstDelayMs?: number | undefined
  readonly maxDelayMs?: number | undefined
  /**
   * Time between two comparisons with history, of ten channels each. Default 30 s; 0 for none. A message is expected to
   * become visible in history within so long (30 s for 0) of those with higher ids.
   */
  readonly reconcileEveryMs?: number | undefined
  /** Default `block`. */
  readonly onLag?: LagPolicy | undefined
  /** Whether it leaves its rooms by `leave_room` when it is closed. Default false: the closed connection says enough. */
  readonly leaves?: boolean | undefined
  /** The folder of the file of `spill`. */
  readonly spillDir?: string | undefined
  /** Ends the feed like `close`. */
  readonly signal?: AbortSignal
  readonly effects: FeedEffects
  /** Told at once, whatever still waits for the reader. */
  readonly onEvent?: (event: FeedEvent) => void
}

/** What a feed has done so far. */
export interface FeedCounters {
  /** Messages given to the reader, or ready for it. */
  readonly delivered: number
  /** Messages that came live after they had come already, live or from history, and were left out. */
  readonly duplicates: number
  readonly reconnects: number
  /** Messages that came from history because they were not seen live while the connection was down. */
  readonly gapFilled: number
  /** Messages that the server never broadcast, found in history. */
  readonly late: number
  /** Messages dropped for a slow reader. */
  readonly dropped: number
  /** Attempts to open a connection, those that failed too. */
  readonly attempts: number
  /** Frames that could not be read. */
  readonly malformed: number
  /** Errors that the server reported and that ended nothing. */
  readonly reported: number
}

/** How a feed is at this moment. */
export interface FeedState {
  /** A connection is open. */
  readonly isConnected: boolean
  /** All channels are live: joined, and every gap closed. Those that were added since may still be on their way. */
  readonly isLive: boolean
  /** Items that were received and wait for the reader, or for history before them. */
  readonly waiting: number
}

/** Channels as one stream: each message once. For one reader. */
export interface Feed extends AsyncIterable<FeedItem> {
  /**
   * The next items, 1 to 1,000, or undefined at the end of a feed that was closed or aborted. The fast way through a
   * flood. Throws the error that ended the feed.
   */
  nextBatch(): Promise<readonly FeedItem[] | undefined>
  readonly counters: FeedCounters
  readonly state: FeedState
  /**
   * Compares with history now, or as soon as there is a connection; resolves when what was missing is in the stream, or
   * the feed has ended. The reader has to go on reading meanwhile: a full stream is waited for.
   */
  reconcile(): Promise<void>
  /**
   * Follows more channels, each from its start, as if it had been one of `channels`. One that is followed already stays
   * as it is. The feed is neither `ready` nor `reconnected` anew for them; a connection that comes is so when they are
   * live too. The first checkpoint of each comes when its history is open. After the end of the feed it does nothing.
   */
  follow(starts: readonly ChannelStart[]): void
  /**
   * Follows channels no longer: nothing of them is added from now on, and rooms are left by `leave_room`. What waits for
   * the reader still comes. Followed again they begin anew, at their new start.
   */
  unfollow(channels: readonly Channel[]): void
  /** Reads no more, closes the connection with 1000, resolves when it is gone. What was read can still be taken. */
  close(): Promise<void>
}
