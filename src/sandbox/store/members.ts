import type {Database} from './database.js'

export const MEMBER_ROLES = ['owner', 'moderator', 'member'] as const
export type MemberRole = (typeof MEMBER_ROLES)[number]

export interface MemberRow {
  readonly user_id: number
  readonly username: string
  readonly role: MemberRole
  readonly joined_at: string
  readonly last_seen: string | null
}

const VIEW = `SELECT user_id, username, members.role, joined_at, last_seen
  FROM members JOIN users ON users.id = user_id WHERE room_id = ?`

export function insertMember(
  db: Database,
  roomId: number,
  userId: number,
  role: MemberRole,
  at: string,
): void {
  db.run(
    `INSERT INTO members (room_id, user_id, role, joined_at, last_read_id)
     VALUES (?1, ?2, ?3, ?4, coalesce((SELECT max(id) FROM messages WHERE room_id = ?1), 0))`,
    roomId,
    userId,
    role,
    at,
  )
}

export function roleIn(db: Database, roomId: number, userId: number): MemberRole | undefined {
  return db.get<{role: MemberRole}>(
    'SELECT role FROM members WHERE room_id = ? AND user_id = ?',
    roomId,
    userId,
  )?.role
}

export function findMember(db: Database, roomId: number, userId: number): MemberRow | undefined {
  return db.get<MemberRow>(`${VIEW} AND user_id = ?`, roomId, userId)
}

export function listMembers(
  db: Database,
  roomId: number,
  query: {readonly role: string; readonly limit: number},
): {rows: MemberRow[]; total: number} {
  const filtered = `${VIEW} AND (?2 = 'all' OR members.role = ?2)`
  return {
    rows: db.all<MemberRow>(`${filtered} ORDER BY user_id LIMIT ?`, roomId, query.role, query.limit),
    total: db.count(
      "SELECT count(*) FROM members WHERE room_id = ?1 AND (?2 = 'all' OR role = ?2)",
      roomId,
      query.role,
    ),
  }
}

export function countMembers(db: Database, roomId: number): number {
  return db.count('SELECT count(*) FROM members WHERE room_id = ?', roomId)
}

export function setRole(db: Database, roomId: number, userId: number, role: MemberRole): void {
  db.run('UPDATE members SET role = ? WHERE room_id = ? AND user_id = ?', role, roomId, userId)
}

export function deleteMember(db: Database, roomId: number, userId: number): void {
  db.run('DELETE FROM members WHERE room_id = ? AND user_id = ?', roomId, userId)
}

/** The user has read the room up to its last message. */
export function markRoomRead(db: Database, roomId: number, userId: number): void {
  db.run(
    `UPDATE members SET last_read_id = coalesce((SELECT max(id) FROM messages WHERE room_id = ?1), 0)
     WHERE room_id = ?1 AND user_id = ?2`,
    roomId,
    userId,
  )
}
