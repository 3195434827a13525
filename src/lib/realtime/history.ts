import type {Message, Page} from '../../contract/resources.js'
import type {FillResult, HistoryNeed} from './merge.js'

/** The most rows of a page, section 3 of the contract. */
const PAGE_ROWS = 100

/** Reads one page of a room's messages, newest first, those before `beforeId` where it is given (section 4). */
export type ReadHistory = (
  roomId: number,
  query: {readonly limit: number; readonly beforeId?: number; readonly signal: AbortSignal},
) => Promise<Page<Message>>

/** What history had. */
export interface HistoryPart extends FillResult {
  /** False when the server gave the same page twice, so that the rest cannot be reached. */
  readonly complete: boolean
}

/** Pages back until the need is met or history ends. Throws what `read` throws. */
export async function collectHistory(
  read: (query: {limit: number; beforeId?: number}) => Promise<Page<Message>>,
  need: HistoryNeed,
): Promise<HistoryPart> {
  const rows: Message[] = []
  let query: {limit: number; beforeId?: number} = {limit: need.firstLimit(PAGE_ROWS)}
  let complete = true
  for (;;) {
    const page = await read(query)
    const oldest = rows.at(-1)?.id ?? Number.POSITIVE_INFINITY
    // The contract promises the order for pages with before_id only. A row at or above the oldest was had before.
    const older = page.items.filter(({id}) => id < oldest).sort((a, b) => b.id - a.id)
    rows.push(...older)
    const last = older.at(-1)
    if (last === undefined) complete = page.items.length === 0 || !page.has_more
    if (last === undefined || !page.has_more || need.isMet(rows)) break
    query = {limit: PAGE_ROWS, beforeId: last.id}
  }
  return {messages: need.pick(rows), newestId: rows[0]?.id ?? 0, complete}
}
