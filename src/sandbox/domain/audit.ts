import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {type Fields, optionalText, pageLimit} from '../input.js'
import {type AuditRow, insertAudit, listAudit} from '../store/audit.js'
import {managedRoom} from './access.js'

interface Moderation {
  readonly roomId: number
  readonly action: string
  /** Whom it was done to. */
  readonly userId: number | null
  readonly details: Shape
}

/** Writes down what a moderator did. */
export function record(app: App, actor: Actor, moderation: Moderation): void {
  insertAudit(app.db, {...moderation, moderatorId: actor.id, ip: actor.ip, at: timestamp(app)})
}

/** What was done in a room, newest first, for those who manage it. */
export function auditLogs(
  app: App,
  actor: Actor,
  roomId: number,
  query: Fields,
): {rows: Shape[]; total: number} {
  managedRoom(app, actor, roomId)
  const action = optionalText(query, 'action', 100) ?? ''
  const {rows, total} = listAudit(app.db, roomId, {action, limit: pageLimit(query)})
  return {rows: rows.map(showAudit), total}
}

const showAudit = (row: AuditRow): Shape => ({
  id: row.id,
  action: row.action,
  details: JSON.parse(row.details),
  user_id: row.user_id,
  moderator_id: row.moderator_id,
  ip_address: row.ip_address,
  created_at: row.created_at,
})
