import type {Frame, Message} from '../../contract/resources.js'
import type {Connection} from './connection.js'
import type {ReadHistory} from './history.js'
import {type Filled, Merge} from './merge.js'
import {BatchQueue} from './queue.js'
import {endingOfError} from './reconnect.js'
import {type RoomContext, RoomSession, type SessionEnd} from './room-session.js'
import {type ConnectionEvent, type FeedEffects, supervise} from './supervise.js'

/** What happens beside the messages. */
export type FeedEvent =
  | ConnectionEvent
  /** The room is live for the first time; `lastId` is the newest message there, 0 in an empty room. */
  | {readonly type: 'ready'; readonly lastId: number}
  /** The room is live again, and the gap is closed. */
  | {readonly type: 'reconnected'; readonly downMs: number}
  /** Messages that came from history because they were not seen live. */
  | {readonly type: 'gap_filled'; readonly from: number; readonly to: number; readonly count: number}
  /** Something was wrong with one frame; the feed goes on. */
  | {readonly type: 'warning'; readonly message: string}

/** An open connection, and the token to authenticate with there; none where the handshake has done it. */
export interface Dialled {
  readonly connection: Connection
  readonly token: string | undefined
}

/** What a feed reads, and from where. */
export interface RoomFeedOptions {
  readonly roomId: number
  /**
   * Gets a valid token and opens a connection, anew for each attempt. `tokenRefused`: the server did not accept the token
   * of the last attempt, so another one is needed.
   */
  readonly connect: (signal: AbortSignal, about: {readonly tokenRefused: boolean}) => Promise<Dialled>
  readonly history: ReadHistory
  /** So many messages of history come first. Default 0. */
  readonly last?: number
  /** Everything after this id comes, and `last` counts for nothing. */
  readonly afterId?: number
  /** Failed attempts in a row. Default without end, but 2 as long as the server has not been live at all. */
  readonly maxReconnects?: number
  /** Failed attempts in a row before the server was live once. Default 2. */
  readonly firstReconnects?: number
  /** Ceiling of the first delay before another attempt, and of all. Defaults: see `nextDelayMs`. */
  readonly firstDelayMs?: number | undefined
  readonly maxDelayMs?: number | undefined
  /** Ends the feed like `close`. */
  readonly signal?: AbortSignal
  readonly effects: FeedEffects
  readonly onState?: (event: FeedEvent) => void
  /** Every frame that is no message of this room and no refusal. */
  readonly onFrame?: (frame: Frame) => void
}

/** What a feed has done so far. */
export interface FeedCounters {
  /** Messages given to the reader, or ready for it. */
  readonly delivered: number
  /** Messages that came live more than once and were dropped. */
  readonly duplicates: number
  readonly reconnects: number
  /** Messages that came from history because they were not seen live. */
  readonly gapFilled: number
}

/** A room as a stream: each message once. For one reader. */
export interface RoomFeed extends AsyncIterable<Message> {
  /**
   * The next messages, 1 to 1,000, or undefined at the end of a feed that was closed or aborted. The fast way through a
   * flood. @throws what ended the feed, after all messages before that.
   */
  nextBatch(): Promise<readonly Message[] | undefined>
  readonly counters: FeedCounters
  /** Reads no more, closes the connection with 1000, resolves when it is gone. What was read can still be taken. */
  close(): Promise<void>
}

/**
 * Opens a room as a feed (section 5 of the contract) that loses nothing: it joins and holds what comes, reads history,
 * delivers that in ascending order, then what was held, then live; after each broken connection the same from the last
 * message delivered on. Each message comes once, by its id. A slow reader pauses the socket at 1,000 waiting messages.
 *
 * Starts at once. Refusals (`signed_out` after one try with a new token, `forbidden`, `not_found`) and a server that was
 * never reached in `firstReconnects` further attempts end it with that error; everything that can pass is tried again (see `reconnect.ts`).
 */
export function openRoomFeed(options: RoomFeedOptions): RoomFeed {
  return new LiveRoomFeed(options)
}

class LiveRoomFeed implements RoomFeed {
  readonly #options: RoomFeedOptions
  readonly #merge: Merge
  readonly #queue: BatchQueue<Message>
  readonly #abort = new AbortController()
  readonly #done: Promise<void>
  #session: RoomSession | undefined
  #reconnects = 0
  #gapFilled = 0
  #ready = false
  #downSince: number | undefined

  constructor(options: RoomFeedOptions) {
    this.#options = options
    const merge = new Merge({last: options.last ?? 0, afterId: options.afterId})
    this.#merge = merge
    this.#queue = new BatchQueue({
      get held() {
        return merge.held
      },
      pause: () => this.#session?.pause(),
      resume: () => this.#session?.resume(),
    })
    this.#done = this.#run()
  }

  get counters(): FeedCounters {
    return {
      delivered: this.#queue.added,
      duplicates: this.#merge.duplicates,
      reconnects: this.#reconnects,
      gapFilled: this.#gapFilled,
    }
  }

  nextBatch(): Promise<readonly Message[] | undefined> {
    return this.#queue.nextBatch()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Message> {
    try {
      for (;;) {
        const batch = await this.#queue.nextBatch()
        if (batch === undefined) return
        for (const message of batch) yield message
      }
    } finally {
      await this.close()
    }
  }

  close(): Promise<void> {
    this.#abort.abort()
    return this.#done
  }

  async #run(): Promise<void> {
    const {signal} = this.#options
    const stop = (): void => this.#abort.abort()
    signal?.addEventListener('abort', stop, {once: true})
    if (signal?.aborted === true) stop()
    try {
      const attempt = (about: {readonly tokenRefused: boolean}) => this.#attempt(about)
      const onEvent = (event: ConnectionEvent): void => this.#tell(event)
      await supervise({...this.#options, attempt, signal: this.#abort.signal, onEvent})
      this.#queue.end()
    } catch (error) {
      this.#queue.end(error)
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  async #attempt(about: {readonly tokenRefused: boolean}): Promise<SessionEnd> {
    const signal = this.#abort.signal
    try {
      const {connection, token} = await this.#options.connect(signal, about)
      this.#session = new RoomSession(connection, this.#context(signal))
      return await this.#session.run(token)
    } catch (error) {
      return {...endingOfError(error), proven: false, live: false}
    } finally {
      this.#session = undefined
      this.#downSince ??= this.#options.effects.now()
    }
  }

  #context(signal: AbortSignal): RoomContext {
    const {roomId, history, effects, onFrame} = this.#options
    return {
      roomId,
      history,
      signal,
      merge: this.#merge,
      queue: this.#queue,
      now: effects.now,
      filled: part => this.#onFilled(part),
      warn: message => this.#tell({type: 'warning', message}),
      frame: frame => onFrame?.(frame),
    }
  }

  #onFilled({missed, newestId}: Filled): void {
    if (!this.#ready) {
      this.#ready = true
      this.#downSince = undefined
      this.#tell({type: 'ready', lastId: newestId})
      return
    }
    if (this.#downSince !== undefined) {
      this.#reconnects += 1
      this.#tell({type: 'reconnected', downMs: this.#options.effects.now() - this.#downSince})
      this.#downSince = undefined
    }
    this.#countGap(missed)
  }

  #countGap(missed: readonly Message[]): void {
    const [first, last] = [missed[0], missed.at(-1)]
    if (first === undefined || last === undefined) return
    this.#gapFilled += missed.length
    this.#tell({type: 'gap_filled', from: first.id, to: last.id, count: missed.length})
  }

  #tell(event: FeedEvent): void {
    this.#options.onState?.(event)
  }
}
