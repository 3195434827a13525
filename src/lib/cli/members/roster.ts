import type {Member} from '../../../contract/resources.js'
import {isPart, MAX_PAGE_SIZE} from '../../api/paging.js'
import {MEMBER_ROLES, type MembersApi} from '../../api/room-members.js'

/** The members of a room, as far as the server lists them: a page of each role at most. */
export class Roster {
  readonly #byId = new Map<number, Member>()
  readonly #byName = new Map<string, Member>()

  /** @param isComplete whether nobody else is a member. */
  constructor(
    members: Iterable<Member>,
    readonly isComplete: boolean,
  ) {
    for (const member of members) {
      this.#byId.set(member.id, member)
      this.#byName.set(member.username, member)
    }
  }

  byId(id: number): Member | undefined {
    return this.#byId.get(id)
  }

  byName(username: string): Member | undefined {
    return this.#byName.get(username)
  }
}

/** Asks for the members; where they are more than a page, for those of each role. Throws what the server answers. */
export async function readRoster(rooms: Pick<MembersApi, 'members'>, roomId: number): Promise<Roster> {
  const all = await rooms.members(roomId, {limit: MAX_PAGE_SIZE})
  if (!isPart(all)) return new Roster(all.items, true)
  const pages = await Promise.all(
    MEMBER_ROLES.map(role => rooms.members(roomId, {limit: MAX_PAGE_SIZE, role})),
  )
  const members = [all, ...pages].flatMap(page => page.items)
  return new Roster(members, !pages.some(isPart))
}
