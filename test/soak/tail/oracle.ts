import type {Rest} from './rest.js'

/** What one message of the server is compared by. */
export interface Stored {
  readonly id: number
  readonly content: string
}

/** A message that came out of a tail. */
export interface Delivered extends Stored {
  readonly roomId: number
  readonly late: boolean
  /** When it was here, in milliseconds of `performance.now()`. */
  readonly atMs: number
}

/** What is wrong with what a tail gave out. Nothing is, if all lists are empty. */
export interface Verdict {
  readonly lost: readonly number[]
  readonly twice: readonly number[]
  /** Not of the server's history, or with other words. */
  readonly wrong: readonly number[]
}

const PAGE_ROWS = 100

/** Everything that the server has of the room after `afterId`, oldest first, read page by page by the oldest means there is. */
export async function storedIn(rest: Rest, token: string, roomId: number, afterId = 0): Promise<Stored[]> {
  const rows: Stored[] = []
  for (let query = ''; ; query = `&before_id=${rows.at(-1)!.id}`) {
    const path = `/rooms/${roomId}/messages?limit=${PAGE_ROWS}${query}`
    const page = rowsOf(await rest.call('GET', path, token)).filter(({id}) => id > afterId)
    rows.push(...page)
    if (page.length < PAGE_ROWS) return rows.reverse()
  }
}

function rowsOf(data: unknown): Stored[] {
  const rows = Array.isArray(data) ? data : (data as {messages: unknown[]}).messages
  return (rows as Stored[]).map(({id, content}) => ({id, content}))
}

/** Each message of the server once, and nothing else. */
export function judge(stored: readonly Stored[], delivered: readonly Delivered[]): Verdict {
  const contents = new Map(stored.map(({id, content}) => [id, content]))
  const seen = new Set<number>()
  const twice: number[] = []
  const wrong: number[] = []
  for (const {id, content} of delivered) {
    if (seen.has(id)) twice.push(id)
    seen.add(id)
    if (contents.get(id) !== content) wrong.push(id)
  }
  return {lost: stored.map(({id}) => id).filter(id => !seen.has(id)), twice, wrong}
}
