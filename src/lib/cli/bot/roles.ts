import type {Api} from '../../api/index.js'
import type {MemberRole} from '../../api/room-members.js'
import type {CallerRoles} from '../../bot/permissions.js'
import type {Channel} from '../../realtime/channel.js'

const KEEP_MS = 60_000
/** The most members that a server lists (section 4 of the contract). */
const MAX_ROWS = 100
/** More than this is forgotten at once, rather than kept for ever. */
const MOST_KEPT = 1000

interface Kept<T> {
  readonly value: Promise<T>
  readonly untilMs: number
}

/** Who has which role, by the server's word of the last 60 s (section 4 of the contract). */
export class Roles {
  readonly #api: Pick<Api, 'rooms' | 'users'>
  readonly #now: () => number
  readonly #leaders = new Map<number, Kept<ReadonlyMap<number, MemberRole>>>()
  readonly #admins = new Map<number, Kept<boolean>>()

  /** @param now milliseconds of a clock that never goes backwards. */
  constructor(api: Pick<Api, 'rooms' | 'users'>, now: () => number) {
    this.#api = api
    this.#now = now
  }

  /** The roles of who has written something there. */
  of(userId: number, {kind, id}: Channel): CallerRoles {
    return {
      // Who has written to a room is a member at least.
      room: async () => (kind === 'dm' ? undefined : ((await this.#leadersOf(id)).get(userId) ?? 'member')),
      isAdmin: () =>
        this.#kept(this.#admins, userId, async () => (await this.#api.users.get(userId)).role === 'admin'),
    }
  }

  #leadersOf(roomId: number): Promise<ReadonlyMap<number, MemberRole>> {
    return this.#kept(this.#leaders, roomId, async () => {
      const leaders = new Map<number, MemberRole>()
      for (const role of ['moderator', 'owner'] as const) {
        const {items} = await this.#api.rooms.members(roomId, {role, limit: MAX_ROWS})
        // A server that does not filter lists others, too.
        for (const member of items) if (member.role === role) leaders.set(member.id, role)
      }
      return leaders
    })
  }

  #kept<T>(store: Map<number, Kept<T>>, id: number, ask: () => Promise<T>): Promise<T> {
    const known = store.get(id)
    if (known !== undefined && known.untilMs > this.#now()) return known.value
    if (store.size >= MOST_KEPT) store.clear()
    const value = ask()
    store.set(id, {value, untilMs: this.#now() + KEEP_MS})
    // A failure is not kept.
    value.catch(() => store.delete(id))
    return value
  }
}
