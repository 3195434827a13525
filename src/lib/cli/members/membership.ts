import type {Api} from '../../api/index.js'
import type {MemberRole} from '../../api/room-members.js'
import {VezaError} from '../../errors/veza-error.js'
import {readRoster} from './roster.js'

/** What became of somebody's membership: `unchanged` where it was so already. */
export interface Membership {
  readonly outcome: 'done' | 'unchanged'
  /** His role then, where it is known. */
  readonly role?: string
}

/** Who is to become a member. */
export interface Newcomer {
  readonly id: number
  readonly role: MemberRole
  /** Whether the server lists all members of the room, as far as is known: else they are not looked through in vain. */
  readonly isListed: boolean
}

/**
 * Makes a user a member. The server's `conflict` is no failure where he is one already.
 * @throws {VezaError} what the server answers, `conflict` where the room is full.
 */
export async function admit(rooms: Api['rooms'], roomId: number, user: Newcomer): Promise<Membership> {
  try {
    const {role} = await rooms.addMember(roomId, user.id, user.role)
    return {outcome: 'done', role: role ?? user.role}
  } catch (error) {
    if (!(error instanceof VezaError) || error.code !== 'conflict') throw error
    const member = await memberNow(rooms, roomId, user)
    if (member === undefined) throw error
    return member
  }
}

/** Already a member, or a full room? The answer has the same code for both; the list of members tells, or the room's size. */
async function memberNow(
  rooms: Api['rooms'],
  roomId: number,
  user: Newcomer,
): Promise<Membership | undefined> {
  if (user.isListed) {
    const roster = await readRoster(rooms, roomId)
    const member = roster.byId(user.id)
    if (member?.role !== undefined) return {outcome: 'unchanged', role: member.role}
    if (member !== undefined) return {outcome: 'unchanged'}
    if (roster.isComplete) return undefined
  }
  const {max_members, member_count = 0} = await rooms.get(roomId)
  const isFull = typeof max_members === 'number' && member_count >= max_members
  return isFull ? undefined : {outcome: 'unchanged'}
}

/**
 * Ends a user's membership. The server's `not_found` is no failure: he is no member, as was wanted.
 * @throws {VezaError} what else the server answers, `not_found` too where it names the room.
 */
export async function expel(rooms: Api['rooms'], roomId: number, userId: number): Promise<Membership> {
  try {
    await rooms.removeMember(roomId, userId)
    return {outcome: 'done'}
  } catch (error) {
    if (!(error instanceof VezaError) || error.code !== 'not_found') throw error
    if (error.serverCode === 'ROOM_NOT_FOUND') throw error
    return {outcome: 'unchanged'}
  }
}
