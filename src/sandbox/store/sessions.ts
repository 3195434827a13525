import {randomUUID} from 'node:crypto'

import type {Database} from './database.js'

interface RefreshRow {
  readonly session_id: string
  readonly user_id: number
  readonly expires_at: string
  readonly used_at: string | null
  readonly revoked_at: string | null
}

/** A session is the family of refresh tokens that one sign-in began. */
export function insertSession(db: Database, userId: number): string {
  const id = randomUUID()
  db.run('INSERT INTO sessions (id, user_id) VALUES (?, ?)', id, userId)
  return id
}

export function insertRefreshToken(db: Database, hash: string, sessionId: string, expiresAt: string): void {
  db.run(
    'INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES (?, ?, ?)',
    hash,
    sessionId,
    expiresAt,
  )
}

export function findRefreshToken(db: Database, hash: string): RefreshRow | undefined {
  return db.get<RefreshRow>(
    `SELECT session_id, user_id, expires_at, used_at, revoked_at
     FROM refresh_tokens JOIN sessions ON sessions.id = session_id WHERE hash = ?`,
    hash,
  )
}

export function markRefreshTokenUsed(db: Database, hash: string, at: string): void {
  db.run('UPDATE refresh_tokens SET used_at = ? WHERE hash = ?', at, hash)
}

export function revokeSession(db: Database, id: string, at: string): void {
  db.run('UPDATE sessions SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', at, id)
}

export function isSessionLive(db: Database, id: string): boolean {
  return db.count('SELECT count(*) FROM sessions WHERE id = ? AND revoked_at IS NULL', id) > 0
}
