import type {Message, Page} from '../../../../src/contract/resources.js'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import type {PageQuery, ReadPage} from '../../../../src/lib/realtime/feed/feed-types.js'

export const ROOM: Channel = {kind: 'room', id: 15}
export const never = new AbortController().signal

/** The time of a message in milliseconds: a second for each id. */
export const timeOf = (id: number): number => Date.parse('2026-11-22T10:00:00Z') + id * 1000

export const message = (id: number, fields: Partial<Message> = {}): Message => ({
  id,
  content: `message ${id}`,
  created_at: new Date(timeOf(id)).toISOString(),
  ...fields,
})

/** How a server reads pages. */
export interface ServerKind {
  readonly knowsAfterId?: boolean
  readonly pageRows?: number
}

/** A server that has these messages in a room, and what was asked of it. */
export function historyServer(
  rows: readonly Message[],
  {knowsAfterId = false, pageRows = 100}: ServerKind = {},
) {
  const queries: Omit<PageQuery, 'signal'>[] = []
  const sorted = rows.toSorted((a, b) => a.id - b.id)
  const readPage: ReadPage = async (_channel, {signal: _signal, ...query}): Promise<Page<Message>> => {
    queries.push(query)
    const {beforeId = Number.POSITIVE_INFINITY, afterId, limit} = query
    const isForward = afterId !== undefined && knowsAfterId
    const wanted = sorted.filter(({id}) => id < beforeId && (!isForward || id > afterId))
    const size = Math.min(limit, pageRows)
    const items = isForward ? wanted.slice(0, size) : wanted.slice(-size).reverse()
    return {items, has_more: wanted.length > size}
  }
  return {readPage, queries}
}

/** Messages with the ids 1 to `count`. */
export const upTo = (count: number): Message[] => Array.from({length: count}, (_, n) => message(n + 1))
