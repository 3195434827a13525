import type {Database} from './database.js'

interface ApiKeyRow {
  readonly id: number
  readonly user_id: number
  readonly hash: string
  readonly name: string
  /** JSON: a list; empty for all that the user may. */
  readonly permissions: string
  /** JSON: a list of addresses and ranges; empty for any. */
  readonly ip_whitelist: string
  readonly expires_at: string | null
  readonly created_at: string
}

export function insertApiKey(db: Database, key: Omit<ApiKeyRow, 'id'>): number {
  return db.insert(
    `INSERT INTO api_keys (user_id, hash, name, permissions, ip_whitelist, expires_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    key.user_id,
    key.hash,
    key.name,
    key.permissions,
    key.ip_whitelist,
    key.expires_at,
    key.created_at,
  )
}

export function findApiKey(db: Database, hash: string): ApiKeyRow | undefined {
  return db.get<ApiKeyRow>('SELECT * FROM api_keys WHERE hash = ?', hash)
}
