/** Who may be allowed a command: by the role in the room, or as an admin of the server (sections 2 and 4 of the contract). */
export const ALLOW_ROLES = ['owner', 'moderator', 'member', 'admin'] as const

/**
 * One of them. Who has more in a room has what is less, too: an owner counts as a moderator, and everybody as a member. In
 * a direct message nobody has a role but `admin`.
 */
export type AllowRole = (typeof ALLOW_ROLES)[number]

/** The roles of a room, the least first. */
const ROOM_ROLES = ['member', 'moderator', 'owner'] as const

/** Who may use a command: whoever has one of the roles, or is one of the users. */
export interface Allow {
  readonly roles: readonly AllowRole[]
  /** Ids, which are digits alone, and names, with an `@` or without. A name may be taken over by somebody else, an id not. */
  readonly users: readonly string[]
}

/** Finds out the roles of who calls; each is asked for only where it matters. */
export interface CallerRoles {
  /** In the room of the message; undefined in a direct message. */
  room(): Promise<'owner' | 'moderator' | 'member' | undefined>
  isAdmin(): Promise<boolean>
}

/** Whether somebody may use a command; without `allow` everybody. Throws what `roles` throws. */
export async function mayUse(
  allow: Allow | undefined,
  caller: {readonly id: number; readonly username?: string | undefined},
  roles: CallerRoles,
): Promise<boolean> {
  if (allow === undefined) return true
  if (allow.users.some(user => isUser(user, caller))) return true
  if (allow.roles.some(role => role !== 'admin') && (await hasRoomRole(allow, roles))) return true
  return allow.roles.includes('admin') && (await roles.isAdmin())
}

/** A name of digits alone needs its `@`: else whoever takes it would pass for the user with that id. */
function isUser(
  user: string,
  {id, username}: {readonly id: number; readonly username?: string | undefined},
): boolean {
  return /^\d+$/.test(user) ? user === String(id) : user.replace(/^@/, '') === username
}

async function hasRoomRole({roles: allowed}: Allow, roles: CallerRoles): Promise<boolean> {
  const role = await roles.room()
  return (
    role !== undefined &&
    ROOM_ROLES.slice(0, ROOM_ROLES.indexOf(role) + 1).some(less => allowed.includes(less))
  )
}
