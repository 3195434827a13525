import type {Member, Page, Room} from '../../../../src/contract/resources.js'
import type {Api} from '../../../../src/lib/api/index.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

/** A room in memory behind the calls for members; `calls` tells what was asked. */
export interface RoomsStub {
  readonly rooms: Api['rooms']
  readonly calls: string[]
}

export const CONFLICT = new VezaError('conflict', 'no (HTTP 409)', {
  status: 409,
  serverCode: 'RESOURCE_CONFLICT',
})

interface StubOptions {
  readonly members?: readonly Member[]
  readonly room?: Partial<Room>
  /** The largest page. */
  readonly page?: number
  /** Takes the place of the answer to a change. */
  readonly answer?: (call: string) => VezaError | undefined
}

/** Makes a stub: every other call of the API fails. */
export function roomsStub({
  members = [],
  room = {},
  page = 100,
  answer = () => undefined,
}: StubOptions): RoomsStub {
  const calls: string[] = []
  const here = new Map(members.map(member => [member.id, member]))
  const change = async (call: string): Promise<void> => {
    calls.push(call)
    const error = answer(call)
    if (error !== undefined) throw error
  }
  const stub: Partial<Api['rooms']> = {
    async members(_id, {role} = {}): Promise<Page<Member>> {
      calls.push(role === undefined ? 'list' : `list ${role}`)
      const all = [...here.values()].filter(member => role === undefined || member.role === role)
      return {items: all.slice(0, page), has_more: all.length > page}
    },
    async get(id) {
      calls.push('get')
      return {id, name: 'room', ...room}
    },
    async addMember(_id, userId, role = 'member') {
      await change(`add ${userId} ${role}`)
      if (here.has(userId)) throw CONFLICT
      const member = {id: userId, username: `u${userId}`, role}
      here.set(userId, member)
      return member
    },
    async setRole(_id, userId, role) {
      await change(`role ${userId} ${role}`)
      return {id: userId, username: `u${userId}`, role}
    },
    async removeMember(_id, userId) {
      await change(`remove ${userId}`)
      if (!here.delete(userId)) throw new VezaError('not_found', 'none', {serverCode: 'MEMBER_NOT_FOUND'})
    },
  }
  return {rooms: stub as Api['rooms'], calls}
}
