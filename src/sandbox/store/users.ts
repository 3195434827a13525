import {randomUUID} from 'node:crypto'

import type {Database} from './database.js'

export interface UserRow {
  readonly id: number
  readonly uuid: string
  readonly username: string
  readonly email: string
  readonly role: string
  readonly password_hash: string
  readonly status_message: string | null
  readonly totp_secret: string | null
  readonly last_seen: string | null
  readonly created_at: string
  readonly updated_at: string
}

interface NewUser {
  readonly username: string
  readonly email: string
  readonly role: string
  readonly passwordHash: string
  readonly at: string
}

export function insertUser(db: Database, user: NewUser): number {
  return db.insert(
    `INSERT INTO users (uuid, username, email, role, password_hash, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    randomUUID(),
    user.username,
    user.email,
    user.role,
    user.passwordHash,
    user.at,
    user.at,
  )
}

export function findUser(db: Database, id: number): UserRow | undefined {
  return db.get<UserRow>('SELECT * FROM users WHERE id = ?', id)
}

export function findUserByName(db: Database, username: string): UserRow | undefined {
  return db.get<UserRow>('SELECT * FROM users WHERE username = ?', username)
}

export function searchUsers(db: Database, part: string, limit: number): UserRow[] {
  return db.all<UserRow>(
    'SELECT * FROM users WHERE instr(lower(username), lower(?)) > 0 ORDER BY username LIMIT ?',
    part,
    limit,
  )
}

interface ProfileChange {
  readonly username: string
  readonly email: string
  readonly statusMessage: string | null
  readonly at: string
}

export function updateProfile(db: Database, id: number, change: ProfileChange): void {
  db.run(
    'UPDATE users SET username = ?, email = ?, status_message = ?, updated_at = ? WHERE id = ?',
    change.username,
    change.email,
    change.statusMessage,
    change.at,
    id,
  )
}

export function touchUser(db: Database, id: number, at: string): void {
  db.run('UPDATE users SET last_seen = ? WHERE id = ?', at, id)
}

/** Everyone else who is a member of a room this user is a member of. */
export function peersOf(db: Database, id: number): number[] {
  return db
    .all<{user_id: number}>(
      `SELECT DISTINCT other.user_id FROM members AS own JOIN members AS other USING (room_id)
       WHERE own.user_id = ? AND other.user_id <> ?`,
      id,
      id,
    )
    .map(row => row.user_id)
}
