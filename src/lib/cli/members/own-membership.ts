import type {Api} from '../../api/index.js'
import type {MemberChange} from '../../output/views/member-change.js'
import {admit, expel} from './membership.js'

/** Lets the account that is signed in into a room; `unchanged` where it is in it. Throws what the server answers. */
export async function join({rooms, users}: Api, roomId: number): Promise<MemberChange> {
  const {id, username} = await users.me()
  const became = await admit(rooms, roomId, {id, role: 'member', isListed: true})
  return {room_id: roomId, user_id: id, username, action: 'add', ...became}
}

/** Takes the account that is signed in out of a room; `unchanged` where it is not in it. Throws what the server answers. */
export async function leave({rooms, users}: Api, roomId: number): Promise<MemberChange> {
  const {id, username} = await users.me()
  const became = await expel(rooms, roomId, id)
  // Else a room that does not exist would count as left: not every server tells the two apart.
  if (became.outcome === 'unchanged') await rooms.get(roomId)
  return {room_id: roomId, user_id: id, username, action: 'remove', ...became}
}
