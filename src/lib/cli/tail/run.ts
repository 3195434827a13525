import type {Frame} from '../../../contract/resources.js'
import type {Feed, FeedEvent, FeedItem} from '../../realtime/feed/feed-types.js'
import {ClosedPipe} from '../lifetime.js'
import type {Delivery, MessageItem} from './delivery.js'
import type {EndClock, TimedEnd} from './end-clock.js'
import type {Filter} from './filters.js'

/** After a signal so many batches are still written: what was accepted, but not all that an earlier flood has left. */
const BATCHES_AFTER_SIGNAL = 5

/** What comes out beside the messages, each a promise where the next one has to wait. */
export interface SideRecords {
  /** Right before a message that the server never broadcast. */
  late(item: MessageItem): Promise<void> | undefined
  feedEvent(event: FeedEvent): Promise<void> | undefined
  frame(frame: Frame): Promise<void> | undefined
}

/** What a run is made of. */
export interface RunOptions {
  readonly feed: Feed
  readonly delivery: Delivery
  readonly side: SideRecords
  /** Which messages are wanted; undefined: all. */
  readonly wanted: Filter | undefined
  /** Which messages are for a later run; undefined: none. */
  readonly postponed: Filter | undefined
  /** Which other events of the server are wanted; undefined: none. */
  readonly frames: ((frame: Frame) => boolean) | undefined
  /** End after so many messages and server events; undefined: when the feed ends. */
  readonly count: number | undefined
  readonly clock: EndClock | undefined
  readonly signal: AbortSignal
}

/** From a feed to its delivery, batch by batch: a promise a message would cost more than the message. */
export class TailRun {
  readonly #options: RunOptions
  readonly #count: number
  #printed = 0
  #lastId = 0
  #ended: 'count' | TimedEnd | undefined
  #isStopped = false

  constructor(options: RunOptions) {
    this.#options = options
    this.#count = options.count ?? Number.POSITIVE_INFINITY
  }

  /** Messages and server events that were given on. */
  get printed(): number {
    return this.#printed
  }

  /** The highest id of a message that was given on or left out. */
  get lastId(): number {
    return this.#lastId
  }

  /** What ended the run, where it was meant to end so; undefined for a signal or a failure. */
  get ended(): 'count' | TimedEnd | undefined {
    return this.#ended
  }

  /** Ends the run; what was read is still given on. */
  end(reason: TimedEnd): void {
    this.#ended ??= reason
    void this.#options.feed.close()
  }

  /** Ends the run after the batch at hand, whatever waits behind it: for when it could not be kept that it came out. */
  stop(): void {
    this.#isStopped = true
    void this.#options.feed.close()
  }

  /** Runs to the end. Throws what ends the feed, or what kept a message from being delivered. */
  async run(): Promise<void> {
    const {clock, delivery} = this.#options
    try {
      await this.#all()
    } finally {
      clock?.stop()
      await delivery.finish()
    }
  }

  async #all(): Promise<void> {
    const {delivery, signal} = this.#options
    let left = BATCHES_AFTER_SIGNAL
    while (left > 0) {
      const batch = await this.#next()
      if (batch === undefined || this.#isStopped) return
      const before = this.#printed
      await this.#give(batch)
      if (signal.reason instanceof ClosedPipe) return
      await delivery.settle()
      if (this.#printed === this.#count) return
      if (this.#printed > before) this.#options.clock?.output()
      if (signal.aborted) left -= 1
    }
  }

  async #next(): Promise<readonly FeedItem[] | undefined> {
    const {clock, feed} = this.#options
    if (clock === undefined) return feed.nextBatch()
    clock.waiting = true
    try {
      return await feed.nextBatch()
    } finally {
      clock.waiting = false
    }
  }

  async #give(batch: readonly FeedItem[]): Promise<void> {
    for (const item of batch) {
      const wait = item.type === 'message' ? this.#message(item) : this.#other(item)
      if (wait !== undefined) {
        await wait
        // A slow reader: what it has taken so far is done with, not only at the end of a batch of perhaps 1,000.
        if (this.#options.signal.reason instanceof ClosedPipe) return
        await this.#options.delivery.settle()
      }
      if (this.#printed === this.#count) {
        this.#ended = 'count'
        return
      }
    }
  }

  #message(item: MessageItem): Promise<void> | undefined {
    const {delivery, postponed, wanted} = this.#options
    const {message} = item
    if (postponed?.(message) === true) {
      delivery.postponed(item)
      return undefined
    }
    if (message.id > this.#lastId) this.#lastId = message.id
    if (wanted !== undefined && !wanted(message)) {
      delivery.skipped(item)
      return undefined
    }
    this.#printed += 1
    return item.late ? this.#late(item) : delivery.message(item)
  }

  async #late(item: MessageItem): Promise<void> {
    await this.#options.side.late(item)
    await this.#options.delivery.message(item)
  }

  #other(item: Exclude<FeedItem, MessageItem>): Promise<void> | undefined {
    const {clock, delivery, frames, side} = this.#options
    if (item.type === 'frame') {
      if (frames === undefined || !frames(item.frame)) return undefined
      this.#printed += 1
      return side.frame(item.frame)
    }
    if (item.type === 'checkpoint') {
      delivery.checkpoint(item)
      return undefined
    }
    if (item.event.type === 'ready' || item.event.type === 'reconnected') clock?.live()
    if (item.event.type === 'disconnected') clock?.down()
    return side.feedEvent(item.event)
  }
}
