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
   * A server may keep no metadata. Then the newest message of ours with the same content and parent, and no older than
   * this, counts as the one that was sent. For the moments after a failed try only: later it may well be meant to be said
   * again. Where any message looked at has metadata, the server keeps it, and there are no twins.
   */
  readonly twinsSinceMs?: number | undefined
  /** Any answer of ours to the same parent is such a twin, whatever it says. Default false. */
  readonly answersOnce?: boolean | undefined
}

/**
 * Looks for a message of ours by its `client_id` among the newest of its place. Every member can read that id, so the
 * message of another who uses it too is none. Throws what the port throws.
 */
export async function findSent(
  port: MessagePort,
  outgoing: Outgoing,
  {sinceMs, maxPages, twinsSinceMs = Number.POSITIVE_INFINITY, answersOnce = false}: LookBack,
): Promise<Message | undefined> {
  const twins: Message[] = []
  let keepsMetadata = false
  let beforeId: number | undefined
  for (let pages = 0; pages < maxPages; pages++) {
    const rows = await readPage(port, outgoing, beforeId)
    const found = rows.filter(({metadata}) => metadata?.client_id === outgoing.clientId)
    const ours = found.length === 0 ? undefined : await ourFirst(port, found)
    if (ours !== undefined) return ours
    keepsMetadata ||= rows.some(row => !isBare(row))
    twins.push(...rows.filter(row => isTwin(row, outgoing, answersOnce) && timeOf(row) >= twinsSinceMs))
    const oldest = rows.at(-1)
    if (oldest === undefined || timeOf(oldest) < sinceMs) break
    beforeId = oldest.id
  }
  return keepsMetadata || twins.length === 0 ? undefined : ourFirst(port, twins)
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

function isBare({metadata}: Message): boolean {
  return metadata === undefined || metadata === null || Object.keys(metadata).length === 0
}

function isTwin({content, parent_id}: Message, outgoing: Outgoing, answersOnce: boolean): boolean {
  if ((parent_id ?? undefined) !== outgoing.parentId) return false
  return content === outgoing.content || (answersOnce && outgoing.parentId !== undefined)
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
