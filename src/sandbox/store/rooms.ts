import {randomUUID} from 'node:crypto'

import type {Database} from './database.js'
import type {MemberRole} from './members.js'

export interface RoomRow {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly description: string
  readonly is_public: number
  readonly owner_id: number
  readonly max_members: number | null
  readonly created_at: string
  readonly updated_at: string
}

/** A room as one user sees it. */
export interface RoomView extends RoomRow {
  readonly member_count: number
  readonly unread_count: number
  readonly last_activity: string | null
}

interface NewRoom {
  readonly name: string
  readonly description: string
  readonly isPublic: boolean
  readonly ownerId: number
  readonly maxMembers: number | null
  readonly at: string
}

export const ROOM_FILTERS = ['public', 'private', 'joined', 'owned'] as const
type RoomFilter = (typeof ROOM_FILTERS)[number]

const MEMBER_OF = 'EXISTS (SELECT 1 FROM members WHERE room_id = rooms.id AND user_id = ?1)'

const FILTERS: Record<RoomFilter | 'all', string> = {
  all: '1',
  public: 'is_public = 1',
  private: 'is_public = 0',
  joined: MEMBER_OF,
  owned: 'owner_id = ?1',
}

const VIEW = `rooms.*,
  (SELECT count(*) FROM members WHERE room_id = rooms.id) AS member_count,
  (SELECT count(*) FROM messages JOIN members ON members.room_id = messages.room_id AND members.user_id = ?1
    WHERE messages.room_id = rooms.id AND author_id <> ?1 AND messages.id > members.last_read_id) AS unread_count,
  (SELECT created_at FROM messages WHERE room_id = rooms.id ORDER BY id DESC LIMIT 1) AS last_activity`

export function insertRoom(db: Database, room: NewRoom): number {
  return db.insert(
    `INSERT INTO rooms (uuid, name, description, is_public, owner_id, max_members, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    randomUUID(),
    room.name,
    room.description,
    room.isPublic ? 1 : 0,
    room.ownerId,
    room.maxMembers,
    room.at,
    room.at,
  )
}

export function findRoom(db: Database, id: number): RoomRow | undefined {
  return db.get<RoomRow>('SELECT * FROM rooms WHERE id = ?', id)
}

/** The room with the role a user has there, in one step: every message asks for both. */
export function findRoomWithRole(
  db: Database,
  id: number,
  userId: number,
): (RoomRow & {readonly member_role: MemberRole | null}) | undefined {
  return db.get(
    `SELECT rooms.*, members.role AS member_role FROM rooms
     LEFT JOIN members ON members.room_id = rooms.id AND members.user_id = ?2 WHERE rooms.id = ?1`,
    id,
    userId,
  )
}

export function viewRoom(db: Database, id: number, viewerId: number): RoomView | undefined {
  return db.get<RoomView>(`SELECT ${VIEW} FROM rooms WHERE id = ?2`, viewerId, id)
}

interface RoomQuery {
  readonly viewerId: number
  readonly filter: RoomFilter | 'all'
  readonly search: string
  readonly limit: number
  readonly offset: number
}

/** The rooms a user may see, oldest first, and how many there are in all. */
export function listRooms(db: Database, query: RoomQuery): {rows: RoomView[]; total: number} {
  const where = `(is_public = 1 OR ${MEMBER_OF}) AND ${FILTERS[query.filter]}
    AND (?2 = '' OR instr(lower(name), lower(?2)) > 0 OR instr(lower(description), lower(?2)) > 0)`
  const rows = db.all<RoomView>(
    `SELECT ${VIEW} FROM rooms WHERE ${where} ORDER BY id LIMIT ?3 OFFSET ?4`,
    query.viewerId,
    query.search,
    query.limit,
    query.offset,
  )
  return {rows, total: db.count(`SELECT count(*) FROM rooms WHERE ${where}`, query.viewerId, query.search)}
}

export function updateRoom(
  db: Database,
  id: number,
  change: {readonly name: string; readonly description: string; readonly at: string},
): void {
  db.run(
    'UPDATE rooms SET name = ?, description = ?, updated_at = ? WHERE id = ?',
    change.name,
    change.description,
    change.at,
    id,
  )
}

export function deleteRoom(db: Database, id: number): void {
  db.run('DELETE FROM rooms WHERE id = ?', id)
}
