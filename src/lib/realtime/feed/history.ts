import type {Message} from '../../../contract/resources.js'
import {PAGE_ROWS, type ReadRows, Trail} from './trail.js'

/** So many rows before the start are remembered at most. */
const BEFORE_ROWS = 50

/** What is wanted of a channel's history: everything after an id, or so many messages before where it begins. */
export type HistoryNeed =
  | {readonly afterId: number}
  /** `startAt`: the last message that is before the start. Default: the newest one there is. */
  | {readonly last: number; readonly startAt?: number | undefined}

/** History, opened at the place where what is wanted begins. */
export interface OpenHistory {
  /** Everything wanted has a higher id. */
  readonly base: number
  /** Rows that were read and are not wanted lie between `floor` and `base`: their ids, ascending. */
  readonly floor: number
  readonly before: readonly number[]
  /** The newest message of the channel when it was opened. */
  readonly newest: Message | undefined
  /** False when the server gave the same page twice, so that not all that is wanted can be reached. */
  readonly complete: boolean
  /** What is wanted, ascending, a page at a time, read as it is taken. To be taken once. */
  readonly pages: AsyncIterable<readonly Message[]>
}

/**
 * Opens history to read it forward with constant memory (section 4 of the contract). The newest page comes first: mostly
 * it reaches back far enough. Otherwise `after_id` is tried, and where the server does not know it, the way goes back with
 * `before_id` and then forward again. `firstLimit`: rows of the newest page. Throws what `read` throws.
 */
export async function openHistory(
  read: ReadRows,
  need: HistoryNeed,
  firstLimit = PAGE_ROWS,
): Promise<OpenHistory> {
  const trail = new Trail(read)
  const rows = await trail.back(firstLimit)
  if (!('afterId' in need)) return openLast(trail, rows, need)
  const {afterId} = need
  const newest = rows[0]
  const known = {base: afterId, floor: afterId, before: [], newest}
  if (trail.low > afterId && !trail.atEnd) {
    const pages = await goForward(read, afterId, newest?.id ?? 0)
    if (pages !== undefined) return {...known, complete: true, pages}
  }
  while (trail.low > afterId && !trail.atEnd) await trail.back()
  return {...known, complete: trail.complete, pages: trail.forward(afterId)}
}

async function openLast(
  trail: Trail,
  rows: readonly Message[],
  {last, startAt}: {last: number; startAt?: number | undefined},
): Promise<OpenHistory> {
  const newest = rows[0]
  const start = startAt ?? newest?.id ?? 0
  const before: number[] = []
  let [missing, base] = [last, start]
  const pass = (page: readonly Message[]): void => {
    for (const {id} of page) {
      if (id > start) continue
      if (missing > 0) base = id - 1
      else before.push(id)
      missing -= 1
    }
  }
  pass(rows)
  // One row at least from before the start shows that nothing after it is missing.
  while (!trail.atEnd && missing > Math.min(0, last - 1)) pass(await trail.back())
  if (missing > 0) base = 0
  const oldest = trail.atEnd && trail.complete ? 0 : Math.min(base, trail.low - 1)
  return {
    base,
    floor: before[BEFORE_ROWS] ?? oldest,
    before: before.slice(0, BEFORE_ROWS).reverse(),
    newest,
    complete: trail.complete,
    pages: trail.forward(base),
  }
}

/**
 * The pages after an id, where the server knows `after_id`. One that does not (section 7) answers with its newest page,
 * which is known by its rows: some at or before the id, or, with more to come, the newest that there is.
 */
async function goForward(
  read: ReadRows,
  afterId: number,
  newestId: number,
): Promise<AsyncGenerator<readonly Message[]> | undefined> {
  const first = await read({limit: PAGE_ROWS, afterId})
  const rows = oldestFirst(first.items)
  const [low, high] = [rows[0]?.id ?? 0, rows.at(-1)?.id ?? 0]
  if (low <= afterId || (first.has_more && high >= newestId)) return undefined
  return onward(read, rows, first.has_more)
}

async function* onward(
  read: ReadRows,
  first: readonly Message[],
  hasMore: boolean,
): AsyncGenerator<readonly Message[]> {
  let rows = first
  let more = hasMore
  for (let position = 0; rows.length > 0; ) {
    yield rows
    position = rows.at(-1)?.id ?? position
    if (!more) return
    const page = await read({limit: PAGE_ROWS, afterId: position})
    rows = oldestFirst(page.items).filter(({id}) => id > position)
    more = page.has_more
  }
}

function oldestFirst(rows: readonly Message[]): readonly Message[] {
  return [...rows].sort((a, b) => a.id - b.id)
}
