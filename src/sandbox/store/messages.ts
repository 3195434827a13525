import {randomUUID} from 'node:crypto'

import type {Database, Value} from './database.js'

export interface MessageRow {
  readonly id: number
  readonly uuid: string
  readonly room_id: number | null
  readonly conversation_id: number | null
  readonly author_id: number
  readonly username: string
  readonly content: string
  readonly parent_id: number | null
  readonly thread_count: number
  readonly is_pinned: number
  readonly edit_count: number
  /** JSON. */
  readonly metadata: string
  /** JSON: a list of user names. */
  readonly mentions: string
  readonly created_at: string
  readonly updated_at: string
}

/** Where a message belongs: exactly one of the two is set. */
export type Place =
  | {readonly roomId: number; readonly conversationId?: never}
  | {readonly conversationId: number; readonly roomId?: never}

interface NewMessage {
  readonly place: Place
  readonly authorId: number
  readonly username: string
  readonly content: string
  readonly parentId: number | null
  readonly metadata: string
  readonly mentions: string
  readonly clientId: string | null
  readonly at: string
}

const SELECT = `SELECT messages.id, messages.uuid, room_id, conversation_id, author_id, username, content, parent_id,
  (SELECT count(*) FROM messages AS reply WHERE reply.parent_id = messages.id) AS thread_count,
  is_pinned, edit_count, metadata, mentions, messages.created_at, messages.updated_at
  FROM messages JOIN users ON users.id = author_id`

/** Stores a message and returns it as it would be read back. */
export function insertMessage(db: Database, message: NewMessage): MessageRow {
  const uuid = randomUUID()
  const roomId = message.place.roomId ?? null
  const conversationId = message.place.conversationId ?? null
  const id = db.insert(
    `INSERT INTO messages (uuid, room_id, conversation_id, author_id, content, parent_id, metadata, mentions,
       client_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)`,
    uuid,
    roomId,
    conversationId,
    message.authorId,
    message.content,
    message.parentId,
    message.metadata,
    message.mentions,
    message.clientId,
    message.at,
  )
  return {
    id,
    uuid,
    room_id: roomId,
    conversation_id: conversationId,
    author_id: message.authorId,
    username: message.username,
    content: message.content,
    parent_id: message.parentId,
    thread_count: 0,
    is_pinned: 0,
    edit_count: 0,
    metadata: message.metadata,
    mentions: message.mentions,
    created_at: message.at,
    updated_at: message.at,
  }
}

export function findMessage(db: Database, id: number): MessageRow | undefined {
  return db.get<MessageRow>(`${SELECT} WHERE messages.id = ?`, id)
}

/** The message that the same author sent to the same place under the same `client_id`. */
export function findRepeat(
  db: Database,
  place: Place,
  authorId: number,
  clientId: string,
): MessageRow | undefined {
  const {column, value} = owner(place)
  return db.get<MessageRow>(
    `${SELECT} WHERE ${column} = ? AND author_id = ? AND client_id = ?`,
    value,
    authorId,
    clientId,
  )
}

export interface MessageQuery {
  readonly limit: number
  readonly beforeId?: number | undefined
  /** The page then begins right after this message and is oldest first, so that a reader can go on from its end. */
  readonly afterId?: number | undefined
  /** Ids that the page leaves out. */
  readonly hidden: readonly number[]
  readonly withReplies: boolean
  readonly pinnedOnly: boolean
}

export interface MessagePage {
  readonly rows: MessageRow[]
  readonly hasMore: boolean
  readonly total: number
}

/** One page of a room or a conversation, newest first unless it goes forward. */
export function listMessages(db: Database, place: Place, query: MessageQuery): MessagePage {
  const {column, value} = owner(place)
  const filter = [
    `${column} = ?`,
    ...(query.withReplies ? [] : ['parent_id IS NULL']),
    ...(query.pinnedOnly ? ['is_pinned = 1'] : []),
    ...(query.hidden.length > 0 ? [`messages.id NOT IN (${query.hidden.join()})`] : []),
  ]
  const {beforeId, afterId} = query
  const cursor = [
    ...(beforeId === undefined ? [] : ['messages.id < ?']),
    ...(afterId === undefined ? [] : ['messages.id > ?']),
  ]
  const values: Value[] = [value, beforeId, afterId, query.limit + 1].filter(bound => bound !== undefined)
  const order = afterId === undefined ? 'DESC' : 'ASC'
  const where = [...filter, ...cursor].join(' AND ')
  const rows = db.all<MessageRow>(`${SELECT} WHERE ${where} ORDER BY messages.id ${order} LIMIT ?`, ...values)
  return {
    rows: rows.slice(0, query.limit),
    hasMore: rows.length > query.limit,
    total: db.count(`SELECT count(*) FROM messages WHERE ${filter.join(' AND ')}`, value),
  }
}

export function lastMessage(db: Database, place: Place): MessageRow | undefined {
  const {column, value} = owner(place)
  return db.get<MessageRow>(`${SELECT} WHERE ${column} = ? ORDER BY messages.id DESC LIMIT 1`, value)
}

export function updateContent(
  db: Database,
  id: number,
  change: {readonly content: string; readonly mentions: string; readonly at: string},
): void {
  db.run(
    'UPDATE messages SET content = ?, mentions = ?, updated_at = ?, edit_count = edit_count + 1 WHERE id = ?',
    change.content,
    change.mentions,
    change.at,
    id,
  )
}

export function setPinned(db: Database, id: number, pinned: boolean): void {
  db.run('UPDATE messages SET is_pinned = ? WHERE id = ?', pinned ? 1 : 0, id)
}

export function deleteMessage(db: Database, id: number): void {
  db.run('DELETE FROM messages WHERE id = ?', id)
}

function owner(place: Place): {column: string; value: number} {
  if (place.roomId !== undefined) return {column: 'room_id', value: place.roomId}
  return {column: 'conversation_id', value: place.conversationId}
}
