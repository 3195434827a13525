import type {Message} from '../../../contract/resources.js'
import {PAGE_ROWS, type ReadRows} from '../../realtime/feed/trail.js'
import type {Since} from '../since.js'

/** Where a way back begins, and where it ends. */
export interface WayBack {
  /** Reads a page; the first one from where the way begins. */
  readonly read: ReadRows
  /** Nothing at or before this id, nothing before this time. Default: the first message. */
  readonly since: Since | undefined
  /** Told when the server gives the same page twice, so that older messages cannot be reached. */
  readonly onRepeat: () => void
}

/** One page of a way back: what is wanted of it, newest first, and the lowest id up to which all has been read. */
export interface PageBack {
  readonly rows: readonly Message[]
  readonly low: number
}

/** Pages of messages, newest first, of which none is kept. A page may have no rows that are wanted. */
export async function* pagesBack({read, since, onRepeat}: WayBack): AsyncGenerator<PageBack> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const page = await read({
      limit: PAGE_ROWS,
      ...(before < Number.POSITIVE_INFINITY ? {beforeId: before} : {}),
    })
    const rows = page.items.filter(({id}) => id < before).sort((a, b) => b.id - a.id)
    const last = rows.at(-1)
    if (last === undefined) {
      if (page.items.length > 0 && page.has_more) onRepeat()
      return
    }
    const end = rows.findIndex(row => isBefore(row, since))
    yield {rows: end === -1 ? rows : rows.slice(0, end), low: last.id}
    if (end !== -1 || !page.has_more) return
    before = last.id
  }
}

/** A message without a time that can be read is taken for a new one. */
function isBefore({id, created_at}: Message, since: Since | undefined): boolean {
  if (since === undefined) return false
  return 'id' in since ? id <= since.id : Date.parse(created_at ?? '') < since.timeMs
}
