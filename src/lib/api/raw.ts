import {VezaError} from '../errors/veza-error.js'
import type {HttpAnswer, HttpClient, HttpRequest} from '../http/types.js'
import {isJsonObject, kindOf} from './shape.js'

/** Calls that the caller words himself: their answers are as the server gave them, in its own dialect. */
export interface RawApi {
  /** One call, with the session, retries and errors of all others. */
  request(request: HttpRequest): Promise<HttpAnswer>
  /**
   * The rows of a list, page by page as they are read: by `before_id` for messages, else by `offset`, 100 rows each unless
   * the query has a `limit`, until a page brings nothing new. Throws `usage` where the answer is no list.
   */
  pages(request: HttpRequest): AsyncIterable<readonly unknown[]>
}

/** As many rows as a server gives at once (section 3). */
const PAGE_SIZE = 100

type Query = NonNullable<HttpRequest['query']>

/** One page, and whether there are perhaps more. */
interface RawPage {
  readonly rows: readonly unknown[]
  readonly hasMore: boolean
}

type ReadPage = (query: Query) => Promise<RawPage>

/** Makes the calls over a client. */
export function createRawApi(http: HttpClient): RawApi {
  return {
    request: request => http.request(request),
    pages: request => {
      // As it was given: what is no number the server refuses.
      const limit = request.query?.limit ?? PAGE_SIZE
      const read: ReadPage = async more => {
        const query = {...request.query, limit, ...more}
        return pageOf((await http.request({...request, query})).data, Number(limit))
      }
      const {before_id: before, offset = 0} = request.query ?? {}
      return request.path.endsWith('/messages')
        ? byId(read, before === undefined ? Number.POSITIVE_INFINITY : Number(before))
        : byOffset(read, Number(offset))
    },
  }
}

/** Ids must fall: a server that ignores `before_id` sends the same page for ever. */
async function* byId(read: ReadPage, before: number): AsyncGenerator<readonly unknown[]> {
  for (let oldest = before; ; ) {
    const {rows, hasMore} = await read(Number.isFinite(oldest) ? {before_id: oldest} : {})
    const fresh = rows.filter(row => idOf(row) < oldest)
    if (fresh.length === 0) return
    yield fresh
    oldest = Math.min(...fresh.map(idOf))
    if (!hasMore) return
  }
}

/** A row must be new: a server that ignores `offset` sends the same page for ever. */
async function* byOffset(read: ReadPage, first: number): AsyncGenerator<readonly unknown[]> {
  const seen = new Set<unknown>()
  for (let offset = first; ; ) {
    const {rows, hasMore} = await read({offset})
    const fresh = rows.filter(row => !seen.has(keyOf(row)))
    if (fresh.length === 0) return
    yield fresh
    for (const row of fresh) seen.add(keyOf(row))
    if (!hasMore) return
    offset += rows.length
  }
}

/** A list in either dialect (section 7): an array, or the one array of an object. */
function pageOf(data: unknown, limit: number): RawPage {
  if (Array.isArray(data)) return {rows: data, hasMore: data.length >= limit}
  const lists = isJsonObject(data) ? Object.values(data).filter(value => Array.isArray(value)) : []
  const [rows] = lists
  if (!isJsonObject(data) || rows === undefined || lists.length > 1)
    throw new VezaError('usage', `--paginate wants a list, the answer is ${kindOf(data)}`)
  return {rows, hasMore: typeof data.has_more === 'boolean' ? data.has_more : rows.length >= limit}
}

function idOf(row: unknown): number {
  return isJsonObject(row) ? Number(row.id ?? row.message_id) : Number.NaN
}

/** What tells a row from others: its id, else all of it. */
function keyOf(row: unknown): unknown {
  const id = isJsonObject(row) ? (row.id ?? row.user_id) : undefined
  return id ?? JSON.stringify(row)
}
