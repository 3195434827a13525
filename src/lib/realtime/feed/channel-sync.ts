import {VezaError} from '../../errors/veza-error.js'
import {channelTitle} from '../channel.js'
import {type Ending, endingOfError} from '../reconnect/reconnect.js'
import {Comparer} from './comparer.js'
import {Discovery} from './discovery.js'
import {Fills} from './fills.js'
import {type Link, Links} from './links.js'
import {canPass, isRefusal, withPlace} from './refusals.js'
import type {SessionContext} from './session-context.js'
import type {Gap, SyncContext} from './sync.js'
import type {Timeline} from './timeline.js'

/** A server may take a moment from storing a message to its broadcast; where comparisons are frequent, a shorter one. */
const GRACE_MS = 1_000

/** What the history of channels needs of their connection. */
export interface ChannelSyncOptions {
  readonly context: SessionContext
  /** The end of the connection. */
  readonly signal: AbortSignal
  readonly fence: () => Promise<void>
  /** Told of channels that were not known. */
  readonly found: (timelines: readonly Timeline[]) => void
  /** Ends the connection. */
  readonly stop: (ending: Ending) => void
}

/**
 * The channels of one connection and their history: filled, compared at each beat, found and dropped. They are live when
 * all are filled.
 */
export class ChannelSync {
  readonly links = new Links()
  readonly #options: ChannelSyncOptions
  readonly #fills: Fills
  readonly #discovery: Discovery
  readonly #comparer: Comparer
  #isJoined = false
  #isLive = false
  #isComparing = false

  constructor(options: ChannelSyncOptions) {
    this.#options = options
    const {context, signal, fence, found} = options
    const {channels, demand, discover, effects, journal, queue, readPage, reconcileEveryMs: everyMs} = context
    const graceMs = Math.min(GRACE_MS, everyMs || GRACE_MS)
    const warn = (message: string): void => journal.warn(message)
    const sync: SyncContext = {readPage, queue, effects, graceMs, warn, signal, fence}
    const listener = {
      filled: (link: Link, gap: Gap | undefined): void => this.#onFilled(link, gap),
      postponed: (link: Link, error: unknown, pauseMs: number | undefined): void =>
        this.#onPostponed(link, error, pauseMs),
      failed: (link: Link, error: unknown): void => this.failed(link, error),
    }
    const {links} = this
    this.#fills = new Fills(sync, listener, context.isAgain)
    this.#discovery = new Discovery({discover, channels, signal, found})
    this.#comparer = new Comparer({
      ...{links, fills: this.#fills, sync, demand, everyMs},
      late: count => journal.late(count),
      discover: () => this.#look(canPass),
      failed: (link, error) => this.failed(link, error),
    })
  }

  /** Whether all channels were live. */
  get isLive(): boolean {
    return this.#isLive
  }

  /** The server has seen the join of a channel: fills it from history. */
  fill(link: Link): void {
    this.#isJoined = true
    this.#fills.begin(link)
  }

  /** The server has seen all joins so far. */
  joined(): void {
    this.#isJoined = true
    this.#checkLive()
  }

  /** New channels are looked for beside all else; they are live when the others are. */
  findMore(): void {
    this.#look(() => false)
  }

  /** Channels are followed no longer. The reader may have waited for nothing but what they held. */
  unfollow(timelines: readonly Timeline[]): void {
    for (const timeline of timelines) {
      const link = this.links.of(timeline)
      if (link !== undefined) this.links.drop(link)
    }
    this.#options.context.queue.checkPressure()
    this.#checkLive()
  }

  /** A channel cannot be had: its error is final, or where refusals end nothing it is left out. */
  failed(link: Link, error: unknown): void {
    const {context, stop} = this.#options
    const {channel} = link.timeline
    if (!isRefusal(error) || context.onRefusal === 'end') {
      stop(endingOfError(withPlace(channel, error)))
    } else if (!link.dropped) {
      this.links.drop(link)
      context.channels.drop(link.timeline)
      context.journal.tell({type: 'unfollowed', channel, error})
      this.#checkLive()
    }
  }

  #onFilled(link: Link, gap: Gap | undefined): void {
    this.#options.context.journal.filled(link.timeline, gap)
    this.#checkLive()
  }

  /** What was held for it is gone. The others are compared with history meanwhile. */
  #onPostponed({timeline}: Link, error: unknown, pauseMs: number | undefined): void {
    const {journal, queue} = this.#options.context
    if (pauseMs !== undefined) {
      const why = error instanceof VezaError ? error.message : 'the connection broke'
      const next = `next try in ${(pauseMs / 1000).toFixed(1)} s`
      journal.warn(`history of ${channelTitle(timeline.channel)} cannot be read now, ${next}: ${why}`)
    }
    queue.checkPressure()
    this.#compare()
  }

  #checkLive(): void {
    const {context, signal} = this.#options
    if (signal.aborted || !this.#isJoined || this.links.all.some(({live}) => !live)) return
    if (!this.#isLive && !this.#discovery.isBusy) {
      this.#isLive = true
      context.journal.live()
    }
    this.#compare()
  }

  #compare(): void {
    if (this.#isComparing) return
    this.#isComparing = true
    this.#comparer.run().catch(error => this.#options.stop(endingOfError(error)))
  }

  #look(isLeftToNext: (error: unknown) => boolean): void {
    this.#discovery.look().then(
      () => this.#checkLive(),
      error => {
        if (isLeftToNext(error)) this.#checkLive()
        else this.#options.stop(endingOfError(error))
      },
    )
  }
}
