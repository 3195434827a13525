import type {Database} from './database.js'

export interface FileRow {
  readonly id: number
  readonly room_id: number
  readonly user_id: number
  /** Its name in the folder of uploaded files. */
  readonly stored_name: string
  readonly original_filename: string
  readonly mime_type: string
  readonly size: number
  readonly description: string | null
  readonly created_at: string
  /** In hex; null for a file of an earlier version. */
  readonly sha256: string | null
}

export function insertFile(db: Database, file: Omit<FileRow, 'id'>): number {
  return db.transaction(() => {
    const id = insertRow(db, file)
    if (file.sha256 !== null)
      db.run('INSERT INTO file_digests (file_id, sha256) VALUES (?, ?)', id, file.sha256)
    return id
  })
}

function insertRow(db: Database, file: Omit<FileRow, 'id'>): number {
  return db.insert(
    `INSERT INTO files (room_id, user_id, stored_name, original_filename, mime_type, size, description, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    file.room_id,
    file.user_id,
    file.stored_name,
    file.original_filename,
    file.mime_type,
    file.size,
    file.description,
    file.created_at,
  )
}

export function findFile(db: Database, id: number): FileRow | undefined {
  return db.get<FileRow>(
    'SELECT files.*, sha256 FROM files LEFT JOIN file_digests ON file_id = files.id WHERE files.id = ?',
    id,
  )
}

export function deleteFile(db: Database, id: number): void {
  db.run('DELETE FROM files WHERE id = ?', id)
}

/** The names, in the folder of uploaded files, of what a room holds. */
export function storedNamesIn(db: Database, roomId: number): string[] {
  return db
    .all<{stored_name: string}>('SELECT stored_name FROM files WHERE room_id = ?', roomId)
    .map(row => row.stored_name)
}
