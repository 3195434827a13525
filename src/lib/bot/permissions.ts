/** Who may be allowed a command: by the role in the room, or as an admin of the server (sections 2 and 4 of the contract). */
export const ALLOW_ROLES = ['owner', 'moderator', 'member', 'admin'] as const

/** One of them. Each member of the room has `member`, an owner too; in a direct message nobody has a role but `admin`. */
export type AllowRole = (typeof ALLOW_ROLES)[number]

/** Who may use a command: whoever has one of the roles, or is one of the users. */
export interface Allow {
  readonly roles: readonly AllowRole[]
  /** Names or ids. A name may be taken over by somebody else, an id not. */
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
  if (allow.users.some(user => user === String(caller.id) || user === caller.username)) return true
  if (allow.roles.some(role => role !== 'admin') && (await hasRoomRole(allow, roles))) return true
  return allow.roles.includes('admin') && (await roles.isAdmin())
}

async function hasRoomRole({roles: allowed}: Allow, roles: CallerRoles): Promise<boolean> {
  const role = await roles.room()
  return role !== undefined && (allowed.includes(role) || allowed.includes('member'))
}
