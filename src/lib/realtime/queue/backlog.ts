import type {FeedItem} from '../feed/feed-types.js'

/** The most items of a batch: what a reader holds that has stopped reading. */
const BATCH_ITEMS = 1_000
/** As many waiting items count as a reader that is behind. */
export const CROWDED_AT = 1_000
/** A reader that was behind has caught up when fewer wait. */
export const CAUGHT_UP_BELOW = 200

/** What waits for the reader of a queue, kept by one of the policies for a slow one. */
export interface Backlog {
  /** Items that wait. */
  readonly length: number
  /** Records given up so far. */
  readonly dropped: number
  /** Whether the source has to pause when many wait. */
  readonly stopsSource: boolean
  /** Whether reading history has to wait when many wait here, with so many live messages held by the source meanwhile. */
  stopsHistory(held: number): boolean
  push(item: FeedItem): void
  /** The next items in order, at most 1,000; at least one where any wait. */
  take(): readonly FeedItem[]
  /** Forgets what waits and frees what it holds. */
  close(): void
}

/** The policy `block`: everything is kept in memory, since the source is made to wait. */
export class MemoryBacklog implements Backlog {
  readonly dropped = 0
  readonly stopsSource = true
  #items: FeedItem[] = []

  get length(): number {
    return this.#items.length
  }

  stopsHistory(): boolean {
    return true
  }

  push(item: FeedItem): void {
    this.#items.push(item)
  }

  take(): readonly FeedItem[] {
    const {batch, rest} = takeBatch(this.#items)
    this.#items = rest
    return batch
  }

  close(): void {
    this.#items = []
  }
}

/** Parts off the first 1,000 items. Where there are no more, as nearly always, nothing is copied. */
export function takeBatch(items: FeedItem[]): {batch: readonly FeedItem[]; rest: FeedItem[]} {
  if (items.length <= BATCH_ITEMS) return {batch: items, rest: []}
  return {batch: items.splice(0, BATCH_ITEMS), rest: items}
}
