import {channelKey} from '../channel.js'
import type {FeedItem} from '../feed/feed-types.js'
import {type Backlog, takeBatch} from './backlog.js'

/** How many of the newest messages are kept, and how many of the newest frames and warnings beside them. */
const KEPT = 10_000

/**
 * The policy `drop`: the newest 10,000 messages wait, older ones are given up. Frames and warnings have a limit of their
 * own, as high: otherwise a flood of presence would push out messages, or fill the memory that `drop` is chosen to spare.
 * What the feed says itself (checkpoints, events) stays, in order. Where records are missing, one `lagged` item
 * stands before everything that came after the first of them: a checkpoint that covers lost messages comes after the news
 * of the loss.
 */
export class DropBacklog implements Backlog {
  readonly stopsSource = false
  readonly #kept: number
  #items: FeedItem[] = []
  #messages = 0
  #chatter = 0
  #dropped = 0

  /** `kept`: messages, and as many of the rest. */
  constructor(kept = KEPT) {
    this.#kept = kept
  }

  get length(): number {
    return this.#items.length - this.#excess
  }

  get dropped(): number {
    return this.#dropped + this.#excess
  }

  /**
   * History can wait, so nothing of it is dropped, as long as the live messages that are held back until it has been
   * read are few themselves.
   */
  stopsHistory(held: number): boolean {
    return held < this.#kept
  }

  push(item: FeedItem): void {
    this.#items.push(item)
    if (item.type === 'message') this.#messages += 1
    else if (isChatter(item)) this.#chatter += 1
    // Not at each item: one look at all of them for a tenth as many new ones makes ten steps for each.
    if (this.#excess > this.#kept / 10) this.#compact()
  }

  take(): readonly FeedItem[] {
    if (this.#excess > 0) this.#compact()
    const {batch, rest} = takeBatch(this.#items)
    this.#items = rest
    for (const item of batch) {
      if (item.type === 'message') this.#messages -= 1
      else if (isChatter(item)) this.#chatter -= 1
    }
    return batch
  }

  close(): void {
    this.#items = []
    this.#messages = 0
    this.#chatter = 0
  }

  /** Records too many. */
  get #excess(): number {
    return Math.max(0, this.#messages - this.#kept) + Math.max(0, this.#chatter - this.#kept)
  }

  #compact(): void {
    this.#dropped = this.dropped
    this.#items = keepNewest(this.#items, this.#kept, this.#dropped)
    this.#messages = Math.min(this.#messages, this.#kept)
    this.#chatter = Math.min(this.#chatter, this.#kept)
  }
}

/** From the newest back: the first so many of both kinds, the last checkpoint of each run, one `lagged` for what is missing. */
function keepNewest(items: readonly FeedItem[], kept: number, total: number): FeedItem[] {
  const left = {message: kept, chatter: kept}
  const covered = new Set<string>()
  const reversed: FeedItem[] = []
  let count = 0
  let gapAt = 0
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index]
    if (item === undefined) continue
    const missing = missingOf(item, left)
    count += missing
    if (missing > 0) gapAt = reversed.length
    else if (!isCovered(item, covered)) reversed.push(item)
  }
  reversed.splice(gapAt, 0, {type: 'event', event: {type: 'lagged', count, total}})
  return reversed.reverse()
}

/** How many records are missing where this item stood: itself, or those that an earlier `lagged` speaks of. */
function missingOf(item: FeedItem, left: {message: number; chatter: number}): number {
  if (item.type === 'event' && item.event.type === 'lagged') return item.event.count
  const kind = item.type === 'message' ? 'message' : 'chatter'
  if (kind === 'chatter' && !isChatter(item)) return 0
  left[kind] -= 1
  return left[kind] < 0 ? 1 : 0
}

/** Whether a later checkpoint of the same channel says the same, with no message between the two. */
function isCovered(item: FeedItem, covered: Set<string>): boolean {
  if (item.type === 'message') covered.clear()
  if (item.type !== 'checkpoint') return false
  const key = channelKey(item.channel)
  const known = covered.has(key)
  covered.add(key)
  return known
}

function isChatter(item: FeedItem): boolean {
  return item.type === 'frame' || (item.type === 'event' && item.event.type === 'warning')
}
