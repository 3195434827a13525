import type {Message} from '../../../contract/resources.js'
import {openHistory} from '../../realtime/feed/history.js'
import type {ReadRows} from '../../realtime/feed/trail.js'

/** What to look for. */
export interface Wanted {
  /** Only messages with a higher id are looked at. */
  readonly afterId: number
  /** The account that sent them: whoever reads a `client_id` can send others like it. */
  readonly authorId: number
  readonly isWanted: (clientId: string) => boolean
  /** The search is over when so many were found. Default: at the newest message. */
  readonly count?: number
}

/** The messages in the history of a room by their `client_id` (section 5). Throws what `read` throws. */
export async function findMany(
  read: ReadRows,
  {afterId, authorId, isWanted, count = Number.POSITIVE_INFINITY}: Wanted,
): Promise<Map<string, Message>> {
  const found = new Map<string, Message>()
  const {pages} = await openHistory(read, {afterId})
  for await (const rows of pages) {
    for (const message of rows) {
      const {author_id, metadata} = message
      const clientId = metadata?.client_id
      if (typeof clientId !== 'string' || found.has(clientId) || !isWanted(clientId)) continue
      if (author_id === undefined || author_id === authorId) found.set(clientId, message)
    }
    if (found.size >= count) break
  }
  return found
}
