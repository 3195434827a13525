import {randomUUID} from 'node:crypto'

import type {Database} from './database.js'

export interface ConversationRow {
  readonly id: number
  readonly uuid: string
  readonly user1_id: number
  readonly user2_id: number
  readonly user1_blocks: number
  readonly user2_blocks: number
  readonly created_at: string
  readonly updated_at: string
}

/** A conversation as one of its two users sees it. */
export interface ConversationView extends ConversationRow {
  readonly other_id: number
  readonly other_username: string
  readonly unread_count: number
}

const VIEW = `SELECT conversations.*, other.id AS other_id, other.username AS other_username,
  (SELECT count(*) FROM messages WHERE conversation_id = conversations.id AND author_id <> ?1
    AND messages.id > CASE WHEN user1_id = ?1 THEN user1_read_id ELSE user2_read_id END) AS unread_count
  FROM conversations JOIN users AS other ON other.id = CASE WHEN user1_id = ?1 THEN user2_id ELSE user1_id END
  WHERE (user1_id = ?1 OR user2_id = ?1)`

export function findConversation(db: Database, id: number): ConversationRow | undefined {
  return db.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', id)
}

/** The one conversation of two users, whichever of them began it. */
export function findConversationOf(db: Database, userA: number, userB: number): ConversationRow | undefined {
  const sql = 'SELECT * FROM conversations WHERE user1_id = ? AND user2_id = ?'
  return db.get<ConversationRow>(sql, Math.min(userA, userB), Math.max(userA, userB))
}

export function insertConversation(db: Database, userA: number, userB: number, at: string): number {
  return db.insert(
    'INSERT INTO conversations (uuid, user1_id, user2_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)',
    randomUUID(),
    Math.min(userA, userB),
    Math.max(userA, userB),
    at,
  )
}

export function viewConversation(db: Database, id: number, viewerId: number): ConversationView | undefined {
  return db.get<ConversationView>(`${VIEW} AND conversations.id = ?2`, viewerId, id)
}

/** The conversations of a user, the last one used first. */
export function listConversations(
  db: Database,
  viewerId: number,
  limit: number,
): {rows: ConversationView[]; total: number} {
  return {
    rows: db.all<ConversationView>(
      `${VIEW} ORDER BY coalesce((SELECT max(id) FROM messages WHERE conversation_id = conversations.id), 0) DESC,
       conversations.id DESC LIMIT ?2`,
      viewerId,
      limit,
    ),
    total: db.count('SELECT count(*) FROM conversations WHERE user1_id = ?1 OR user2_id = ?1', viewerId),
  }
}

export function setBlocked(db: Database, id: number, userId: number, blocked: boolean, at: string): void {
  db.run(
    `UPDATE conversations SET updated_at = ?4,
       user1_blocks = CASE WHEN user1_id = ?2 THEN ?3 ELSE user1_blocks END,
       user2_blocks = CASE WHEN user2_id = ?2 THEN ?3 ELSE user2_blocks END WHERE id = ?1`,
    id,
    userId,
    blocked ? 1 : 0,
    at,
  )
}

/** The user has read the conversation up to its last message. */
export function markConversationRead(db: Database, id: number, userId: number): void {
  db.run(
    `UPDATE conversations SET
       user1_read_id = CASE WHEN user1_id = ?2 THEN last.id ELSE user1_read_id END,
       user2_read_id = CASE WHEN user2_id = ?2 THEN last.id ELSE user2_read_id END
     FROM (SELECT coalesce(max(id), 0) AS id FROM messages WHERE conversation_id = ?1) AS last
     WHERE conversations.id = ?1`,
    id,
    userId,
  )
}
