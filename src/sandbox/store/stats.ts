import type {Database} from './database.js'

interface Hour {
  readonly date: string
  readonly hour: number
  readonly message_count: number
}

interface Contributor {
  readonly user_id: number
  readonly username: string
  readonly message_count: number
}

/** What happened in a room since a moment. Pins are those that stand now. */
export function roomStats(db: Database, roomId: number, since: string) {
  const recent = 'FROM messages WHERE room_id = ? AND messages.created_at >= ?'
  return {
    message_count: db.count(`SELECT count(*) ${recent}`, roomId, since),
    active_users: db.count(`SELECT count(DISTINCT author_id) ${recent}`, roomId, since),
    new_members: db.count('SELECT count(*) FROM members WHERE room_id = ? AND joined_at >= ?', roomId, since),
    pinned_messages: db.count('SELECT count(*) FROM messages WHERE room_id = ? AND is_pinned = 1', roomId),
    reactions_count: db.count(
      `SELECT count(*) FROM reactions JOIN messages ON messages.id = message_id
       WHERE room_id = ? AND reactions.created_at >= ?`,
      roomId,
      since,
    ),
    peak_activity: peak(db, roomId, since),
    top_contributors: db.all<Contributor>(
      `SELECT author_id AS user_id, username, count(*) AS message_count FROM messages JOIN users ON users.id = author_id
       WHERE room_id = ? AND messages.created_at >= ? GROUP BY author_id ORDER BY message_count DESC, author_id LIMIT 10`,
      roomId,
      since,
    ),
  }
}

function peak(db: Database, roomId: number, since: string): Hour | null {
  const [row] = db.all<Hour>(
    `SELECT substr(created_at, 1, 10) AS date, CAST(substr(created_at, 12, 2) AS INTEGER) AS hour,
       count(*) AS message_count FROM messages WHERE room_id = ? AND created_at >= ?
     GROUP BY 1, 2 ORDER BY message_count DESC, date, hour LIMIT 1`,
    roomId,
    since,
  )
  return row ?? null
}

export function serverTotals(db: Database) {
  const total = (table: string) => db.count(`SELECT count(*) FROM ${table}`)
  return {
    total_users: total('users'),
    total_rooms: total('rooms'),
    total_messages: total('messages'),
    total_conversations: total('conversations'),
    total_files: total('files'),
  }
}

/** Messages of all rooms by hour since a moment, oldest first; hours without any are missing. */
export function messagesByHour(db: Database, since: string): Hour[] {
  return db.all<Hour>(
    `SELECT substr(created_at, 1, 10) AS date, CAST(substr(created_at, 12, 2) AS INTEGER) AS hour,
       count(*) AS message_count FROM messages WHERE room_id IS NOT NULL AND created_at >= ?
     GROUP BY 1, 2 ORDER BY date, hour`,
    since,
  )
}

/** The rooms in which most was written since a moment. */
export function busiestRooms(
  db: Database,
  since: string,
): {readonly name: string; readonly message_count: number}[] {
  return db.all(
    `SELECT name, count(*) AS message_count FROM messages JOIN rooms ON rooms.id = room_id
     WHERE messages.created_at >= ? GROUP BY room_id ORDER BY message_count DESC, room_id LIMIT 10`,
    since,
  )
}
