import type {Database} from './database.js'

export interface AuditRow {
  readonly id: number
  readonly action: string
  /** JSON. */
  readonly details: string
  readonly user_id: number | null
  readonly moderator_id: number
  readonly ip_address: string
  readonly created_at: string
}

interface NewAudit {
  readonly roomId: number
  readonly action: string
  readonly details: Readonly<Record<string, unknown>>
  /** Whom it was done to. */
  readonly userId: number | null
  readonly moderatorId: number
  readonly ip: string
  readonly at: string
}

export function insertAudit(db: Database, entry: NewAudit): void {
  db.run(
    `INSERT INTO audit_logs (room_id, action, details, user_id, moderator_id, ip_address, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    entry.roomId,
    entry.action,
    JSON.stringify(entry.details),
    entry.userId,
    entry.moderatorId,
    entry.ip,
    entry.at,
  )
}

/** What was done in a room, newest first. `action` may be empty for all. */
export function listAudit(
  db: Database,
  roomId: number,
  query: {readonly action: string; readonly limit: number},
): {rows: AuditRow[]; total: number} {
  const where = "room_id = ?1 AND (?2 = '' OR action = ?2)"
  return {
    rows: db.all<AuditRow>(
      `SELECT * FROM audit_logs WHERE ${where} ORDER BY id DESC LIMIT ?3`,
      roomId,
      query.action,
      query.limit,
    ),
    total: db.count(`SELECT count(*) FROM audit_logs WHERE ${where}`, roomId, query.action),
  }
}
