import type {Member, Page} from '../../contract/resources.js'
import type {HttpClient} from '../http/types.js'
import {decodeMember, decodePage} from './decode.js'
import {pageLimit} from './paging.js'

/** The roles of a room that section 4 of the contract names. */
export const MEMBER_ROLES = ['owner', 'moderator', 'member'] as const

/** A role in a room. */
export type MemberRole = (typeof MEMBER_ROLES)[number]

/** Section 4 of the contract, the members of a room. The first argument is the room's id. */
export interface MembersApi {
  /**
   * The first members: the contract has no way to the ones behind them. `limit`: default 50, at most 100; `role`: default
   * all. `has_more` is right where the server tells the total, else a guess from a full page.
   */
  members(id: number, query?: {readonly limit?: number; readonly role?: MemberRole}): Promise<Page<Member>>
  /** Throws `conflict` for a member, and where the room is full. `role`: default `member`. */
  addMember(id: number, userId: number, role?: MemberRole): Promise<Member>
  setRole(id: number, userId: number, role: MemberRole): Promise<Member>
  /** Throws `not_found` for a user who is no member. */
  removeMember(id: number, userId: number): Promise<void>
}

/** Makes the calls for the members of rooms. */
export function createMembersApi(http: HttpClient): MembersApi {
  return {
    members: async (id, {limit = 50, role} = {}) => {
      const query = {limit: pageLimit(limit), role}
      const {data} = await http.request({method: 'GET', path: `/rooms/${id}/members`, query})
      const page = decodePage(data, 'members', decodeMember, query.limit)
      return page.total === undefined ? page : {...page, has_more: page.items.length < page.total}
    },
    addMember: async (id, userId, role = 'member') => {
      const body = {user_id: userId, role}
      // Nobody becomes a member twice: it may be repeated.
      const request = {method: 'POST', path: `/rooms/${id}/members`, body, repeatable: true} as const
      return decodeMember((await http.request(request)).data)
    },
    setRole: async (id, userId, role) => {
      const path = `/rooms/${id}/members/${userId}`
      return decodeMember((await http.request({method: 'PUT', path, body: {role}})).data)
    },
    removeMember: async (id, userId) => {
      await http.request({method: 'DELETE', path: `/rooms/${id}/members/${userId}`})
    },
  }
}
