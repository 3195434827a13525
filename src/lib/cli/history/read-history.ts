import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Channel} from '../../realtime/channel.js'
import type {ReadPage} from '../../realtime/feed/feed-types.js'
import {findIdBefore} from '../../realtime/feed/find-id.js'
import {openHistory} from '../../realtime/feed/history.js'
import {PAGE_ROWS, type ReadRows, Trail} from '../../realtime/feed/trail.js'
import type {Filter} from '../tail/filters.js'
import type {HistoryRequest} from './history-flags.js'
import {idUntil, rowsUpTo} from './rows.js'

const DEFAULT_LAST = 50

/** What reading a history needs. */
export interface HistoryOptions {
  readonly channel: Channel
  readonly request: HistoryRequest
  readonly readPage: ReadPage
  /** Which messages are wanted; undefined: all. */
  readonly wanted: Filter | undefined
  readonly signal: AbortSignal
}

/** A history that is open. */
export interface ReadHistory {
  /** What is wanted, oldest first, a page at a time; a page may be empty. To be taken once. */
  readonly pages: AsyncIterable<readonly Message[]>
  /** Whether there are older messages that only the default leaves out. */
  readonly hasOlder: boolean
  /** False when the server gave the same page twice, so that not all that is wanted can be reached. */
  readonly complete: boolean
}

/**
 * Opens a history to read it forward with constant memory, however long it is (section 4 of the contract). `--last`
 * counts what passes the filter. Throws what `readPage` throws, and as `findIdBefore`.
 */
export async function readHistory(options: HistoryOptions): Promise<ReadHistory> {
  const {channel, readPage, request, signal, wanted} = options
  const newestId = await idUntil(readPage, channel, request.until, signal)
  const read = rowsUpTo(readPage, channel, newestId, signal)
  const afterId = await beginning(options)
  if (afterId === undefined) return readLast(read, request.last, wanted)
  const {complete, pages} = await openHistory(read, {afterId})
  const bounded = upTo(pages, newestId)
  const chosen = request.thread === undefined ? bounded : threadOf(bounded, request.thread)
  return {pages: filtered(chosen, wanted), hasOlder: false, complete}
}

/** The id after which what is wanted begins; undefined where it is so many of the last. */
async function beginning(options: HistoryOptions): Promise<number | undefined> {
  const {channel, readPage, request, signal} = options
  const {all, since, thread} = request
  if (thread !== undefined) return thread - 1
  if (all) return 0
  if (since === undefined) return undefined
  return 'id' in since ? since.id : findIdBefore(readPage, channel, since.timeMs, signal)
}

/** Back until so many are found, counting only, and forward again. */
async function readLast(
  read: ReadRows,
  last: number | undefined,
  wanted: Filter | undefined,
): Promise<ReadHistory> {
  const trail = new Trail(read)
  let [missing, base] = [last ?? DEFAULT_LAST, 0]
  while (missing > 0 && !trail.atEnd) {
    // One row more than is missing tells whether there are older ones.
    const rows = await trail.back(wanted === undefined ? Math.min(missing + 1, PAGE_ROWS) : PAGE_ROWS)
    for (const message of rows.filter(row => wanted?.(row) !== false).slice(0, missing)) {
      missing -= 1
      if (missing === 0) base = message.id - 1
    }
  }
  const hasOlder = last === undefined && missing === 0 && (!trail.atEnd || trail.low <= base)
  return {pages: filtered(trail.forward(base), wanted), hasOlder, complete: trail.complete}
}

async function* upTo(
  pages: AsyncIterable<readonly Message[]>,
  newestId: number,
): AsyncGenerator<readonly Message[]> {
  for await (const rows of pages) {
    const isOver = (rows.at(-1)?.id ?? 0) > newestId
    yield isOver ? rows.filter(({id}) => id <= newestId) : rows
    if (isOver) return
  }
}

/** Answers come after what they answer, so one way forward finds them all. @throws {VezaError} `not_found` where none is there. */
async function* threadOf(
  pages: AsyncIterable<readonly Message[]>,
  root: number,
): AsyncGenerator<readonly Message[]> {
  const thread = new Set<number>([root])
  let isFound = false
  for await (const rows of pages) {
    const members = rows.filter(({id, parent_id}) => {
      if (id !== root && (parent_id === undefined || parent_id === null || !thread.has(parent_id)))
        return false
      thread.add(id)
      return true
    })
    isFound ||= members.length > 0
    yield members
  }
  if (!isFound) throw new VezaError('not_found', `message ${root} is not here, nor any answer to it`)
}

async function* filtered(
  pages: AsyncIterable<readonly Message[]>,
  wanted: Filter | undefined,
): AsyncGenerator<readonly Message[]> {
  for await (const rows of pages) yield wanted === undefined ? rows : rows.filter(wanted)
}
