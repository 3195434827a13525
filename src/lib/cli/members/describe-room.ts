import {MAX_PAGE_SIZE} from '../../api/paging.js'
import type {RoomsApi} from '../../api/rooms.js'
import {counted} from '../ending.js'

/**
 * A room in words for a question: `#general (room 1) with 4 members`. Not sanitised. Where the room does not say how many are in
 * it, its members are counted as far as the server lists them.
 */
export async function describeRoom(
  rooms: Pick<RoomsApi, 'get' | 'members'>,
  roomId: number,
): Promise<string> {
  const {name, member_count} = await rooms.get(roomId)
  const members =
    member_count === undefined ? await countMembers(rooms, roomId) : counted(member_count, 'member')
  return `#${name} (room ${roomId}) with ${members}`
}

async function countMembers(rooms: Pick<RoomsApi, 'members'>, roomId: number): Promise<string> {
  const {items, has_more, total} = await rooms.members(roomId, {limit: MAX_PAGE_SIZE})
  if (total === undefined && has_more) return `${items.length} members or more`
  return counted(total ?? items.length, 'member')
}
