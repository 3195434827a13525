import type {Channel} from '../../realtime/channel.js'
import type {Feed} from '../../realtime/feed/feed-types.js'
import type {CursorMarks} from '../tail/cursor-marks.js'

/** Told of each message that is taken and done with, and each checkpoint, as a cursor is. */
export interface BotMarks extends Pick<CursorMarks, 'taken' | 'done' | 'checkpoint'> {
  /** Whether a channel is answered here. */
  isOurs(channel: Channel): boolean
}

/** Leave to answer, where several bots share the work. */
export interface Permit {
  /**
   * Notes that a message is about to be answered; resolves to whether another bot may have done so before.
   * @throws {LostLease} where the channel is another bot's by now.
   */
  begin(place: Channel, messageId: number): Promise<boolean>
  /** Resolves when nobody else can be answering there; to be asked right before a send. Throws as `begin`. */
  sure(place: Channel): Promise<void>
}

/** What a bot does in channels that are another one's by now. */
export interface ChannelEnder {
  /** Begins nothing more in a channel; resolves when what is under way there has ended. */
  finish(channel: Channel): Promise<void>
}

/** Where a bot gets its messages from, and keeps how far it is. */
export interface BotSource {
  readonly feed: Feed
  readonly marks: BotMarks
  /** Absent where this bot is the only one. */
  readonly permit?: Permit | undefined
  /** How the user named what it is kept in, to be told how to go on; undefined where nobody did. */
  readonly label?: string | undefined
  /** The run of this source. To be called before that runs. */
  attach(run: ChannelEnder): void
  /** The feed is live: calls `tell` once what is kept says where it began. */
  whenReady(tell: () => void): Promise<void>
  /** Keeps the last state, where the run has ended. @throws {VezaError} where it cannot be kept. */
  end(): Promise<void>
  /** Closes whatever is open. */
  close(): Promise<void>
}
