import type {Message} from '../../contract/resources.js'
import type {MessagePort, Outgoing} from './types.js'

/** The most rows of a page, section 3 of the contract. */
const PAGE_ROWS = 100

/** How far back to look, and for what. */
export interface LookBack {
  /** Milliseconds since 1970, by the server's clock: what is older is not looked at. */
  readonly sinceMs: number
  readonly maxPages: number
  /**
   * A server may keep no metadata. Then the newest message of ours without any, with the same content and parent, counts
   * as the one that was sent. For the moments after a failed try only: later it may well be meant to be said again.
   */
  readonly twins: boolean
}

/**
 * Looks for a message of ours by its `client_id` among the newest of its place. Every member can read that id, so the
 * message of another who uses it too is none. Throws what the port throws.
 */
export async function findSent(
  port: MessagePort,
  outgoing: Outgoing,
  {sinceMs, maxPages, twins}: LookBack,
): Promise<Message | undefined> {
  const candidates: Message[] = []
  let beforeId: number | undefined
  for (let pages = 0; pages < maxPages; pages++) {
    const rows = await readPage(port, outgoing, beforeId)
    const found = rows.filter(({metadata}) => metadata?.client_id === outgoing.clientId)
    const ours = found.length === 0 ? undefined : await ourFirst(port, found)
    if (ours !== undefined) return ours
    if (twins) candidates.push(...rows.filter(row => isTwin(row, outgoing) && timeOf(row) >= sinceMs))
    const oldest = rows.at(-1)
    if (oldest === undefined || timeOf(oldest) < sinceMs) break
    beforeId = oldest.id
  }
  return candidates.length === 0 ? undefined : ourFirst(port, candidates)
}

/** A server that ignores `before_id` gives the same page again: nothing of it is new, and the way back ends. */
async function readPage(
  port: MessagePort,
  {place}: Outgoing,
  beforeId: number | undefined,
): Promise<readonly Message[]> {
  const page = await port.page(place, {limit: PAGE_ROWS, ...(beforeId === undefined ? {} : {beforeId})})
  return page.items.filter(({id}) => beforeId === undefined || id < beforeId)
}

function isTwin({content, parent_id, metadata}: Message, outgoing: Outgoing): boolean {
  const isBare = metadata === undefined || metadata === null || Object.keys(metadata).length === 0
  return isBare && content === outgoing.content && (parent_id ?? undefined) === outgoing.parentId
}

async function ourFirst(port: MessagePort, candidates: readonly Message[]): Promise<Message | undefined> {
  const me = await port.me()
  return candidates.find(({author_id}) => author_id === me)
}

/** A time that cannot be read is no reason to stop looking. */
function timeOf({created_at}: Message): number {
  const timeMs = Date.parse(created_at ?? '')
  return Number.isNaN(timeMs) ? Number.POSITIVE_INFINITY : timeMs
}
