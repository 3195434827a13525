import type {Feed, FeedItem} from '../realtime/feed/feed-types.js'
import type {Lease} from '../state/redis/cluster-store.js'
import type {PartAnswer, RoomStore} from '../state/redis/room-store.js'
import type {RoomQueue} from './room-queue.js'
import {RoomShare, type RoomShareOptions} from './room-share.js'
import {RoomsWriter} from './rooms-writer.js'

/** What a relay is made of, and whom it tells. */
export interface RoomsRelayOptions extends Omit<RoomShareOptions, 'feed' | 'store'> {
  readonly feed: Feed
  readonly store: RoomStore
  /** Ends reading. `signal` ends all trying, too. */
  readonly reading: AbortSignal
  /** Something is in the stream now that was not. */
  readonly onWritten: () => void
}

/** What a relay has done so far. */
export interface RelayCounters {
  /** Messages that are in the stream. */
  readonly written: number
  /** Parts that Redis refused, as somebody else had the room. */
  readonly fenced: number
  /** Rooms of members that were gone without a word. */
  readonly takenOver: number
}

/**
 * From a feed into a stream: each message of the rooms whose leases this member has, once. Nothing is done for each
 * message but to note it: rooms are written side by side, many messages at a time, and while Redis does not keep up the
 * feed is not read.
 */
export class RoomsRelay {
  readonly #options: RoomsRelayOptions
  readonly #share: RoomShare
  readonly #writer: RoomsWriter
  #written = 0
  #fenced = 0
  #takenOver = 0
  #isStopped = false

  constructor(options: RoomsRelayOptions) {
    this.#options = options
    this.#share = new RoomShare(options)
    this.#writer = new RoomsWriter({
      ...options,
      onWritten: (room, count) => {
        this.#written += count
        this.#share.known(room)
        options.onWritten()
      },
      onRefused: (room, answer) => this.#refused(room, answer),
    })
  }

  get counters(): RelayCounters {
    return {written: this.#written, fenced: this.#fenced, takenOver: this.#takenOver}
  }

  /** Messages that were taken and are not in the stream yet. */
  get pending(): number {
    return this.#writer.pending
  }

  /** How many rooms this member relays. */
  get rooms(): number {
    return this.#share.size
  }

  /** Whether whoever has these rooms next misses nothing. */
  get isKnown(): boolean {
    return this.#share.isKnown
  }

  /** Relays these from now on; so many of them were those of a member that is gone without a word. */
  gained(leases: readonly Lease[], takenOver: number): void {
    this.#takenOver += takenOver
    this.#share.begin(leases)
  }

  /** Somebody else has these: what is not written is theirs. */
  lost(leases: readonly Lease[]): void {
    for (const room of this.#share.end(leases)) this.#drop(room)
  }

  /** Ends the work on these; resolves when all that was taken of them is written. */
  async handOver(leases: readonly Lease[]): Promise<void> {
    const rooms = this.#share.end(leases)
    this.#writer.flush()
    await Promise.all(rooms.map(room => this.#writer.written(room)))
  }

  /** Reads until the feed ends or `reading` is aborted. Throws what ends the feed. */
  async run(): Promise<void> {
    const {feed, reading} = this.#options
    const wake = (): void => this.#writer.wakeReader()
    reading.addEventListener('abort', wake, {once: true})
    try {
      while (!this.#isOver) {
        const batch = await feed.nextBatch()
        if (batch === undefined || this.#isOver) return
        for (const item of batch) this.#take(item)
        this.#writer.flush()
        if (this.#writer.isFull && !this.#isOver) await this.#writer.hasRoom()
      }
    } finally {
      reading.removeEventListener('abort', wake)
    }
  }

  /** Reads no more. */
  stop(): void {
    this.#isStopped = true
    this.#writer.wakeReader()
    void this.#options.feed.close()
  }

  /** Resolves when all that was taken is in the stream, or all trying has ended. */
  finish(): Promise<void> {
    return this.#writer.allWritten()
  }

  get #isOver(): boolean {
    return this.#isStopped || this.#options.reading.aborted
  }

  #take(item: FeedItem): void {
    if (item.type === 'message') {
      const room = this.#share.roomOf(item.channel)
      if (room !== undefined) this.#writer.add(room, item)
    } else if (item.type === 'checkpoint') {
      const room = this.#share.roomOf(item.channel)
      if (room !== undefined) this.#writer.checkpoint(room, item.id)
    }
  }

  /** The room was dropped by the writer; the lease says soon whose it is. */
  #refused(room: RoomQueue, answer: Exclude<PartAnswer, 'written'>): void {
    const lease = this.#share.leaseOf(room)
    if (answer === 'fenced') this.#fenced += 1
    if (lease === undefined) return
    this.#share.end([lease])
    if (answer === 'fenced') this.#share.remember(room)
    else this.#share.begin([lease])
  }

  #drop(room: RoomQueue): void {
    this.#share.remember(room)
    this.#writer.drop(room)
  }
}
