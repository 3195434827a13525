import type {Database} from './database.js'

export interface WebhookRow {
  readonly id: number
  readonly user_id: number
  readonly room_id: number | null
  readonly url: string
  /** JSON: a list of event names. */
  readonly events: string
  readonly secret: string
  readonly created_at: string
}

export function insertWebhook(db: Database, webhook: Omit<WebhookRow, 'id'>): number {
  return db.insert(
    'INSERT INTO webhooks (user_id, room_id, url, events, secret, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    webhook.user_id,
    webhook.room_id,
    webhook.url,
    webhook.events,
    webhook.secret,
    webhook.created_at,
  )
}

export function findWebhook(db: Database, id: number): WebhookRow | undefined {
  return db.get<WebhookRow>('SELECT * FROM webhooks WHERE id = ?', id)
}

export function listWebhooks(db: Database, userId: number): WebhookRow[] {
  return db.all<WebhookRow>('SELECT * FROM webhooks WHERE user_id = ? ORDER BY id', userId)
}

/** The webhooks of a room, and those for all rooms whose owner is a member of this one. */
export function webhooksFor(db: Database, event: string, roomId: number): WebhookRow[] {
  return db.all<WebhookRow>(
    `SELECT * FROM webhooks WHERE EXISTS (SELECT 1 FROM json_each(events) WHERE value = ?1)
     AND (room_id IS NULL OR room_id = ?2)
     AND EXISTS (SELECT 1 FROM members WHERE members.room_id = ?2 AND members.user_id = webhooks.user_id)`,
    event,
    roomId,
  )
}

export function hasWebhooks(db: Database): boolean {
  return db.count('SELECT count(*) FROM webhooks') > 0
}
