import type {Message} from '../../../contract/resources.js'
import type {Channel} from '../../realtime/channel.js'
import type {PageQuery, ReadPage} from '../../realtime/feed/feed-types.js'
import {findIdBefore} from '../../realtime/feed/find-id.js'
import type {ReadRows} from '../../realtime/feed/trail.js'
import type {Context} from '../context.js'
import type {Since} from '../since.js'

/** Reads pages of history, replies too, of which a server may need to be told (section 4 of the contract). */
export function historyReader({api}: Pick<Context, 'api'>): ReadPage {
  return ({kind, id}, query) =>
    kind === 'room' ? api.messages.list(id, {...query, includeThreads: true}) : api.dms.messages(id, query)
}

/** Reads rows of one channel, of the newest no newer than `newestId`. */
export function rowsUpTo(
  readPage: ReadPage,
  channel: Channel,
  newestId: number,
  signal: AbortSignal,
): ReadRows {
  return query => {
    const isOpen = query.beforeId === undefined && query.afterId === undefined
    const bound: Partial<PageQuery> =
      isOpen && newestId < Number.MAX_SAFE_INTEGER ? {beforeId: newestId + 1} : {}
    return readPage(channel, {...query, ...bound, signal})
  }
}

/** The id of the last message at `until`, or before it: everything up to it is wanted. Without one, of any. */
export async function idUntil(
  readPage: ReadPage,
  channel: Channel,
  until: Since | undefined,
  signal: AbortSignal,
): Promise<number> {
  if (until === undefined) return Number.MAX_SAFE_INTEGER
  return 'id' in until ? until.id : findIdBefore(readPage, channel, until.timeMs + 1, signal)
}

/** The message with its place: history may leave out what its path has said. */
export function placed(message: Message, {kind, id}: Channel, name?: string | undefined): Message {
  if (kind === 'dm')
    return message.conversation_id === undefined ? {...message, conversation_id: id} : message
  const {room_id = id, room_name = name} = message
  return {...message, room_id, ...(room_name === undefined ? {} : {room_name})}
}
