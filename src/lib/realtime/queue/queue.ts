import {VezaError} from '../../errors/veza-error.js'
import type {FeedItem, LagPolicy} from '../feed/feed-types.js'
import {type Backlog, CAUGHT_UP_BELOW, CROWDED_AT, MemoryBacklog} from './backlog.js'
import {DropBacklog} from './drop.js'
import {SpillBacklog} from './spill.js'

/** At most so often `onLagged` tells of drops. */
const TELL_EVERY_MS = 1_000

/**
 * Live messages are held while history is read. A long gap in a flood would fill the memory with them, so whatever the
 * policy the source pauses then: history goes on beside it, and what the server gives up sending is read there too.
 */
const HELD_AT_MOST = 10_000

/** Where the items come from. */
export interface BackPressure {
  /** Items that the source has already and will still push. */
  readonly held: number
  pause(): void
  resume(): void
}

/** How a queue treats a reader that is slower than its source. */
export interface FeedQueueOptions {
  readonly source: BackPressure
  /** Default `block`. */
  readonly onLag?: LagPolicy | undefined
  /** The folder of the file of `spill`, which needs one. */
  readonly spillDir?: string | undefined
  /** Told at most once a second that so many messages more were dropped, and how many in all. */
  readonly onLagged?: ((count: number, total: number) => void) | undefined
  /** Told once, when `spill` cannot write its file. The same stands in the stream. */
  readonly onWarning?: ((message: string) => void) | undefined
  /** Milliseconds of a clock that never goes backwards. Default: the real one. */
  readonly now?: () => number
}

/**
 * What waits between the connection and the reader. Takes single items and gives them out in batches, so that a flood
 * costs one promise a batch and none an item.
 */
export interface FeedQueue {
  push(item: FeedItem): void
  pushAll(items: readonly FeedItem[]): void
  /**
   * Resolves when history may push its next page: at once while fewer than 1,000 items wait, else when fewer than 200 do
   * or the queue has ended. What the source holds does not count, as it is waiting for that page itself.
   */
  room(): Promise<void>
  /** Whether the source has been asked to pause. */
  readonly paused: boolean
  /** Items that wait for the reader. */
  readonly length: number
  /** Messages pushed so far. */
  readonly added: number
  /** Records dropped so far. */
  readonly dropped: number
  /** Asks the source to pause or go on, by what is here and what it holds: to be called when that has changed. */
  checkPressure(): void
  /** No more items. What is here is still given out, then the error is thrown or the end told. Only the first counts. */
  end(error?: unknown): void
  /** 1 to 1,000 items, in order; undefined at the end. For one reader at a time. Throws the error of the end. */
  nextBatch(): Promise<readonly FeedItem[] | undefined>
  /** For a reader that has left: forgets what waits and what still comes, and frees the file. */
  discard(): void
}

/**
 * Makes a queue by one of the policies for a slow reader:
 * - `block`: the source pauses at 1,000 waiting items (its own included) and goes on below 200.
 * - `drop`: the newest 10,000 messages wait. `lagged` items stand where others were. See `DropBacklog`.
 * - `spill`: what is above 1,000 items waits in a file. See `SpillBacklog`.
 *
 * Whatever the policy, the source pauses while it holds 10,000 items itself.
 *
 * @throws {VezaError} `bug` for `spill` without a folder.
 */
export function createFeedQueue(options: FeedQueueOptions): FeedQueue {
  return new LaggingQueue(options, backlogFor(options))
}

function backlogFor({onLag, spillDir, onWarning}: FeedQueueOptions): Backlog {
  if (onLag === 'drop') return new DropBacklog()
  if (onLag !== 'spill') return new MemoryBacklog()
  if (spillDir === undefined) throw new VezaError('bug', 'a queue that spills needs a folder')
  return new SpillBacklog({dir: spillDir, onWarning})
}

class LaggingQueue implements FeedQueue {
  readonly #source: BackPressure
  readonly #backlog: Backlog
  readonly #now: () => number
  readonly #onLagged: FeedQueueOptions['onLagged']
  #added = 0
  #paused = false
  #discarded = false
  #end: {readonly error?: unknown} | undefined
  #wake: (() => void) | undefined
  #waitingForRoom: (() => void)[] = []
  #toldDropped = 0
  #toldAt = Number.NEGATIVE_INFINITY

  constructor({source, onLagged, now = () => performance.now()}: FeedQueueOptions, backlog: Backlog) {
    this.#source = source
    this.#backlog = backlog
    this.#onLagged = onLagged
    this.#now = now
  }

  get paused(): boolean {
    return this.#paused
  }

  get length(): number {
    return this.#backlog.length
  }

  get added(): number {
    return this.#added
  }

  get dropped(): number {
    return this.#backlog.dropped
  }

  push(item: FeedItem): void {
    this.#add(item)
    this.#changed()
  }

  pushAll(items: readonly FeedItem[]): void {
    for (const item of items) this.#add(item)
    this.#changed()
  }

  room(): Promise<void> {
    if (!this.#crowded(CROWDED_AT)) return Promise.resolve()
    return new Promise(resolve => this.#waitingForRoom.push(resolve))
  }

  checkPressure(): void {
    const {held} = this.#source
    const length = this.#backlog.stopsSource ? this.#backlog.length + held : 0
    if (!this.#paused && (length >= CROWDED_AT || held >= HELD_AT_MOST)) {
      this.#paused = true
      this.#source.pause()
    } else if (this.#paused && length < CAUGHT_UP_BELOW && held < HELD_AT_MOST / 2) {
      this.#paused = false
      this.#source.resume()
    }
    if (this.#waitingForRoom.length > 0 && !this.#crowded(CAUGHT_UP_BELOW)) this.#giveRoom()
  }

  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : {error}
    this.#tellDropped(0)
    this.#giveRoom()
    this.#signal()
  }

  async nextBatch(): Promise<readonly FeedItem[] | undefined> {
    while (this.#backlog.length === 0) {
      if (this.#end !== undefined) return this.#ended(this.#end)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    const batch = this.#backlog.take()
    this.#tellDropped(TELL_EVERY_MS)
    this.checkPressure()
    return batch
  }

  discard(): void {
    this.#discarded = true
    this.#backlog.close()
    this.checkPressure()
  }

  #add(item: FeedItem): void {
    if (this.#discarded) return
    if (item.type === 'message') this.#added += 1
    this.#backlog.push(item)
  }

  #changed(): void {
    if (this.#backlog.length > 0) this.#signal()
    this.#tellDropped(TELL_EVERY_MS)
    this.checkPressure()
  }

  #crowded(atLeast: number): boolean {
    if (this.#end !== undefined || this.#backlog.length < atLeast) return false
    return this.#backlog.stopsHistory(this.#source.held)
  }

  #giveRoom(): void {
    for (const resolve of this.#waitingForRoom.splice(0)) resolve()
  }

  #ended(end: {readonly error?: unknown}): undefined {
    this.#backlog.close()
    if ('error' in end) throw end.error
    return undefined
  }

  #tellDropped(everyMs: number): void {
    const total = this.#backlog.dropped
    if (total === this.#toldDropped || this.#now() - this.#toldAt < everyMs) return
    this.#onLagged?.(total - this.#toldDropped, total)
    this.#toldDropped = total
    this.#toldAt = this.#now()
  }

  #signal(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
