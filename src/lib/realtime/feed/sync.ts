import type {Message} from '../../../contract/resources.js'
import type {Channel} from '../channel.js'
import type {FeedEffects, FeedItem, ReadPage} from './feed-types.js'
import {type OpenHistory, openHistory} from './history.js'
import type {Timeline} from './timeline.js'
import {PAGE_ROWS} from './trail.js'

/** Where what was read goes. */
export interface SyncQueue {
  push(item: FeedItem): void
  pushAll(items: readonly FeedItem[]): void
  /** Resolves when the reader has caught up. */
  room(): Promise<void>
}

/** What a pass over history needs. */
export interface SyncContext {
  readonly readPage: ReadPage
  readonly queue: SyncQueue
  readonly effects: FeedEffects
  /** A broadcast may leave a server so long after its message is in history: only then it counts as lost. */
  readonly graceMs: number
  /** Aborted at the end of the connection, and when the channel is followed no longer. */
  readonly signal: AbortSignal
  /** Resolves when every frame that the server had sent before has been received. */
  fence(): Promise<void>
  warn(message: string): void
}

/** Messages that no frame brought. */
export interface Gap {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Counts what came from history, but for what the connection brought too. */
class GapTally {
  #from = 0
  #to = 0
  #count = 0
  #recent: readonly number[] = []

  add(ids: readonly number[]): void {
    this.#count += this.#recent.length
    this.#from ||= this.#recent[0] ?? 0
    this.#to = this.#recent.at(-1) ?? this.#to
    this.#recent = ids
  }

  /** `seen`: what was held. Of history only the last page is new enough to be there too. */
  end(seen: ReadonlySet<number>): Gap | undefined {
    this.#recent = this.#recent.filter(id => !seen.has(id))
    this.add([])
    return this.#count === 0 ? undefined : {from: this.#from, to: this.#to, count: this.#count}
  }
}

/**
 * Fills one channel from history, as often as `again` says so, then gives out what was held: from then on it is live.
 * Between two pages the reader is waited for. Resolves to what no frame had brought. Throws what a read throws, and the
 * reason of the signal.
 */
export async function fill(
  timeline: Timeline,
  sync: SyncContext,
  again: () => boolean,
): Promise<Gap | undefined> {
  const {queue, signal} = sync
  const tally = new GapTally()
  do {
    const history = await open(timeline, sync, PAGE_ROWS)
    for await (const rows of waiting(history.pages, timeline, sync)) {
      signal.throwIfAborted()
      const messages = timeline.take(rows)
      tally.add(messages.map(({id}) => id))
      give(timeline, sync, rows, itemsOf(timeline.channel, messages, false))
    }
    signal.throwIfAborted()
    finish(timeline, sync)
  } while (again())
  const {messages, ids} = timeline.release()
  queue.pushAll(itemsOf(timeline.channel, messages, false))
  return tally.end(ids)
}

/** So many pages may still be read on the way forward. The way back, of a server without `after_id`, can only be whole. */
export interface PageBudget {
  left: number
}

/**
 * Compares one live channel with history: what the server has stored and not broadcast is given out late; `onLate` is
 * told how many these are. Stops when a budget is used up, and goes on there with the next one. Throws what a read throws, and the reason of the signal.
 */
export async function compare(
  timeline: Timeline,
  sync: SyncContext,
  onLate: (count: number) => void,
  budget?: PageBudget,
): Promise<void> {
  const before = budget?.left ?? 0
  const history = await open(timeline, sync, timeline.expectedRows(PAGE_ROWS), budget)
  for await (const rows of waiting(history.pages, timeline, sync)) {
    const isMissing = (): boolean => timeline.unknown(rows).length > 0
    if (isMissing()) await sync.fence()
    if (isMissing()) {
      await sync.effects.sleep(sync.graceMs, sync.signal)
      await sync.fence()
    }
    sync.signal.throwIfAborted()
    // A fill is about to begin: it compares too, and what is held has come.
    if (timeline.holding) return
    const messages = timeline.take(rows)
    onLate(messages.length)
    give(timeline, sync, rows, itemsOf(timeline.channel, messages, true))
    if (budget !== undefined && budget.left <= 0 && budget.left < before) return
  }
  sync.signal.throwIfAborted()
  finish(timeline, sync)
}

async function open(
  timeline: Timeline,
  {readPage, effects, signal, warn, queue}: SyncContext,
  firstLimit: number,
  budget?: PageBudget,
): Promise<OpenHistory> {
  const read: Parameters<typeof openHistory>[0] = async query => {
    const page = await readPage(timeline.channel, {...query, signal})
    signal.throwIfAborted()
    if (budget !== undefined && query.afterId !== undefined) budget.left -= 1
    return page
  }
  const history = await openHistory(read, timeline.begin(effects.now(), budget !== undefined), firstLimit)
  signal.throwIfAborted()
  if (!history.complete) warn('history does not reach back to the last message delivered')
  const checkpoint = timeline.opened(history)
  if (checkpoint !== undefined) queue.push(checkpoint)
  return history
}

/** Before each page but the first that brings something the reader is waited for. */
async function* waiting(
  pages: OpenHistory['pages'],
  timeline: Timeline,
  {queue, signal}: SyncContext,
): AsyncGenerator<readonly Message[]> {
  let first = true
  for await (const rows of pages) {
    const brings = timeline.unknown(rows).length > 0
    if (brings && !first) await queue.room()
    signal.throwIfAborted()
    if (brings) first = false
    yield rows
  }
}

function give(
  timeline: Timeline,
  {queue}: SyncContext,
  rows: readonly Message[],
  items: readonly FeedItem[],
): void {
  queue.pushAll(items)
  const checkpoint = timeline.passed(rows)
  if (checkpoint !== undefined) queue.push(checkpoint)
}

function finish(timeline: Timeline, {effects, queue}: SyncContext): void {
  const checkpoint = timeline.finish(effects.now())
  if (checkpoint !== undefined) queue.push(checkpoint)
}

function itemsOf(channel: Channel, messages: readonly Message[], late: boolean): readonly FeedItem[] {
  return messages.map(message => ({type: 'message', channel, message, late}))
}
