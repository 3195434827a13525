import type {Message, Page} from '../../../contract/resources.js'

/** The most rows of a page, section 3 of the contract. */
export const PAGE_ROWS = 100
/** Of a way back, so many pages are kept: the oldest, which are needed first. The others are read again. */
const KEPT_PAGES = 50

/** Which page of one channel. */
export interface RowsQuery {
  readonly limit: number
  readonly beforeId?: number
  readonly afterId?: number
}

/** Reads one page of one channel, its rows in any order. */
export type ReadRows = (query: RowsQuery) => Promise<Page<Message>>

/** A page that was read: its rows lie from `low` up to `before`, which is no part of it. */
interface Step {
  readonly before: number
  readonly low: number
  rows: readonly Message[] | undefined
}

/**
 * A way back through history, page by page, and forward again. Of the pages only their borders and the rows of the last
 * 50 stay in memory, however long the way is.
 */
export class Trail {
  readonly #read: ReadRows
  readonly #steps: Step[] = []
  #atEnd = false
  #complete = true

  constructor(read: ReadRows) {
    this.#read = read
  }

  /** The lowest id so far; infinite before the first row. */
  get low(): number {
    return this.#steps.at(-1)?.low ?? Number.POSITIVE_INFINITY
  }

  /** Whether history has no older rows, or none that can be reached. */
  get atEnd(): boolean {
    return this.#atEnd
  }

  /** False when the server gave the same page twice, so that older rows cannot be reached. */
  get complete(): boolean {
    return this.#complete
  }

  /** Reads the next page back; its rows newest first, none at the end. */
  async back(limit = PAGE_ROWS): Promise<readonly Message[]> {
    const before = this.low
    const page = await this.#read(before === Number.POSITIVE_INFINITY ? {limit} : {limit, beforeId: before})
    const rows = newestFirst(page, before)
    const last = rows.at(-1)
    if (last === undefined) this.#complete = page.items.length === 0 || !page.has_more
    this.#atEnd = last === undefined || !page.has_more
    const top = rows[0]
    if (last !== undefined && top !== undefined)
      this.#steps.push({before: Math.min(before, top.id + 1), low: last.id, rows})
    const dropped = this.#steps.at(-1 - KEPT_PAGES)
    if (dropped !== undefined) dropped.rows = undefined
    return rows
  }

  /** All rows above an id, a page at a time, ascending. To be called once. */
  async *forward(above: number): AsyncGenerator<readonly Message[]> {
    let position = above
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      const rows = step.rows ?? (await this.#again(step))
      const wanted = rows.filter(({id}) => id > position).reverse()
      const last = wanted.at(-1)
      if (last === undefined) continue
      position = last.id
      yield wanted
    }
  }

  /** A page once more; what has become visible there since may make it two. */
  async #again({before, low}: Step): Promise<readonly Message[]> {
    const rows: Message[] = []
    for (let lowest = before; lowest > low; ) {
      const page = await this.#read({limit: PAGE_ROWS, beforeId: lowest})
      const older = newestFirst(page, lowest)
      const last = older.at(-1)
      if (last === undefined) break
      rows.push(...older)
      lowest = last.id
    }
    return rows
  }
}

/** The rows below an id. The contract promises an order for pages with `before_id` only. */
function newestFirst(page: Page<Message>, below: number): readonly Message[] {
  return page.items.filter(({id}) => id < below).sort((a, b) => b.id - a.id)
}
