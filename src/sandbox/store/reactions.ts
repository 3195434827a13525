import type {Database} from './database.js'

export interface ReactionRow {
  readonly message_id: number
  readonly emoji: string
  readonly user_id: number
  readonly username: string
}

/** False when the same user has the same emoji there already. */
export function insertReaction(
  db: Database,
  messageId: number,
  userId: number,
  emoji: string,
  at: string,
): boolean {
  const sql = 'INSERT OR IGNORE INTO reactions (message_id, user_id, emoji, created_at) VALUES (?, ?, ?, ?)'
  return db.run(sql, messageId, userId, emoji, at) > 0
}

/** False when there was none. */
export function deleteReaction(db: Database, messageId: number, userId: number, emoji: string): boolean {
  const sql = 'DELETE FROM reactions WHERE message_id = ? AND user_id = ? AND emoji = ?'
  return db.run(sql, messageId, userId, emoji) > 0
}

/** The reactions of several messages, in the order they were made. */
export function reactionsOf(db: Database, messageIds: readonly number[]): ReactionRow[] {
  return db.all<ReactionRow>(
    `SELECT message_id, emoji, user_id, username FROM reactions JOIN users ON users.id = user_id
     WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY reactions.rowid`,
    JSON.stringify(messageIds),
  )
}
