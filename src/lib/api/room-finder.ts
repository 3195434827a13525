import type {Room} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import {printable} from '../http/printable.js'
import {suggestNames} from './near-names.js'

/** Pages of rooms, narrowed down by the server's search where one is given and the server knows it. */
type RoomPages = (search?: string) => AsyncIterable<readonly Room[]>

/**
 * Finds a room by its name: by the server's search, and where that brings nothing by looking at all rooms, since
 * a search may be absent, case sensitive or by prefix. Throws `usage` or `not_found`, see `RoomsApi.find`.
 */
export async function findRoom(name: string, pages: RoomPages): Promise<Room> {
  const found = (await pick(name, pages(name))).room
  if (found !== undefined) return found
  const {room, names} = await pick(name, pages())
  if (room !== undefined) return room
  const hint = (await suggestNames(name, names)) ?? 'see `veza rooms list`'
  throw new VezaError('not_found', `there is no room "${printable(name)}"`, {hint})
}

/** Stops at the first page that holds the exact name: a server without search may have thousands of rooms. */
async function pick(
  name: string,
  pages: AsyncIterable<readonly Room[]>,
): Promise<{room?: Room | undefined; names: readonly string[]}> {
  const names: string[] = []
  const similar: Room[] = []
  for await (const page of pages) {
    const exact = only(
      name,
      page.filter(room => room.name === name),
    )
    if (exact !== undefined) return {room: exact, names}
    similar.push(...page.filter(room => room.name.toLowerCase() === name.toLowerCase()))
    names.push(...page.map(room => room.name))
  }
  return {room: only(name, similar), names}
}

function only(name: string, rooms: readonly Room[]): Room | undefined {
  if (rooms.length <= 1) return rooms[0]
  const list = rooms.map(room => `"${printable(room.name)}" (${room.id})`).join(', ')
  throw new VezaError('usage', `several rooms are called "${printable(name)}": ${list}`, {
    hint: 'name the room by its id',
  })
}
