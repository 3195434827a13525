import type {Channel} from '../channel.js'
import {createFeedQueue, type FeedQueue} from '../queue/queue.js'
import {endingOfError} from '../reconnect/reconnect.js'
import {type SessionEnd, supervise} from '../reconnect/supervise.js'
import {Demand} from './beat.js'
import {Channels} from './channels.js'
import {FeedSession} from './feed-session.js'
import type {
  ChannelStart,
  Feed,
  FeedCounters,
  FeedEvent,
  FeedItem,
  FeedOptions,
  FeedState,
} from './feed-types.js'
import {Journal} from './journal.js'
import type {SessionContext} from './session-context.js'

/** Time between two comparisons with history, where nothing else is said: as often as a client pings. */
const RECONCILE_EVERY_MS = 30_000
/** Timers may be a little early: two readings of history so much of the interval apart are a whole one apart. */
const NEARLY = 0.9

/**
 * Opens channels as one feed over one connection (section 5 of the contract) that loses nothing: it joins and holds what
 * comes, reads history forward from where it starts, gives that out, then what was held, then live; after each broken
 * connection the same. At each beat it compares with history and gives out late what the server has stored and not
 * broadcast. Each message comes once, by its id. A slow reader is treated as `onLag` says.
 *
 * Starts at once. Refusals (`signed_out` after one try with a new token, `forbidden`, `not_found`) and a server that was
 * never reached in `firstReconnects` further attempts end it with that error; everything that can pass is tried again
 * (see `reconnect.ts`).
 */
export function openFeed(options: FeedOptions): Feed {
  return new LiveFeed(options)
}

class LiveFeed implements Feed {
  readonly #options: FeedOptions
  readonly #channels: Channels
  readonly #queue: FeedQueue
  readonly #demand = new Demand()
  readonly #abort = new AbortController()
  readonly #journal: Journal
  readonly #done: Promise<void>
  #session: FeedSession | undefined

  constructor(options: FeedOptions) {
    this.#options = options
    const {reconcileEveryMs = RECONCILE_EVERY_MS, effects} = options
    this.#channels = new Channels(options.channels, NEARLY * (reconcileEveryMs || RECONCILE_EVERY_MS))
    const {pool} = this.#channels
    this.#queue = createFeedQueue({
      source: {
        get held() {
          return pool.held
        },
        pause: () => this.#session?.pause(),
        resume: () => this.#session?.resume(),
      },
      onLag: options.onLag,
      spillDir: options.spillDir,
      onLagged: (count, total) => options.onEvent?.({type: 'lagged', count, total}),
      onWarning: message => options.onEvent?.({type: 'warning', message}),
      now: effects.now,
    })
    this.#journal = new Journal({
      ...{channels: this.#channels, queue: this.#queue, effects},
      ...{signal: this.#abort.signal, onEvent: options.onEvent},
    })
    this.#done = this.#run()
  }

  get counters(): FeedCounters {
    return this.#journal.counters
  }

  get state(): FeedState {
    return {
      isConnected: this.#session !== undefined,
      isLive: this.#journal.isLive && !this.#abort.signal.aborted,
      waiting: this.#queue.length + this.#channels.pool.held,
    }
  }

  nextBatch(): Promise<readonly FeedItem[] | undefined> {
    return this.#queue.nextBatch()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<FeedItem> {
    try {
      for (;;) {
        const batch = await this.#queue.nextBatch()
        if (batch === undefined) return
        for (const item of batch) yield item
      }
    } finally {
      await this.close()
      this.#queue.discard()
    }
  }

  reconcile(): Promise<void> {
    return this.#demand.request()
  }

  follow(starts: readonly ChannelStart[]): void {
    const added = this.#channels.follow(starts)
    this.#session?.follow(added)
  }

  unfollow(channels: readonly Channel[]): void {
    const left = this.#channels.unfollow(channels)
    this.#session?.unfollow(left)
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
      const onEvent = (event: FeedEvent): void => this.#journal.tell(event)
      await supervise({...this.#options, attempt, signal: this.#abort.signal, onEvent})
      this.#queue.end()
    } catch (error) {
      this.#queue.end(error)
    } finally {
      signal?.removeEventListener('abort', stop)
      this.#abort.abort()
      this.#demand.close()
    }
  }

  async #attempt(about: {readonly tokenRefused: boolean}): Promise<SessionEnd> {
    const {signal} = this.#abort
    this.#journal.attempt()
    try {
      const {connection, token} = await this.#options.connect(signal, about)
      this.#session = new FeedSession(connection, this.#context(signal))
      return await this.#session.run(token)
    } catch (error) {
      return {...endingOfError(error), proven: false, live: false}
    } finally {
      this.#session = undefined
      this.#journal.down()
    }
  }

  #context(signal: AbortSignal): SessionContext {
    const {readPage, discover, effects, leaves = false, reconcileEveryMs = RECONCILE_EVERY_MS} = this.#options
    const {onRefusal = discover === undefined ? 'end' : 'unfollow'} = this.#options
    return {
      channels: this.#channels,
      queue: this.#queue,
      demand: this.#demand,
      journal: this.#journal,
      readPage,
      discover,
      onRefusal,
      effects,
      signal,
      leaves,
      reconcileEveryMs,
      isAgain: this.#journal.isReady,
    }
  }
}
