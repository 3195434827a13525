import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {invalid} from '../errors.js'
import {type Fields, optionalText} from '../input.js'
import {roomStats, serverTotals} from '../store/stats.js'
import {memberRoom, requireAdmin} from './access.js'

const UNITS_MS: Readonly<Record<string, number>> = {h: 3_600_000, d: 86_400_000, w: 604_800_000}

/** Section 4, `GET /rooms/{id}/stats`, for its members. */
export function statsOfRoom(app: App, actor: Actor, roomId: number, query: Fields): Shape {
  memberRoom(app, actor, roomId)
  const period = optionalText(query, 'period', 10) ?? '7d'
  const [, amount, unit = ''] = /^(\d{1,4})([hdw])$/.exec(period) ?? []
  const unitMs = UNITS_MS[unit]
  if (unitMs === undefined) throw invalid('period', 'must be like 24h, 7d or 4w')
  return {room_id: roomId, period, ...roomStats(app.db, roomId, timestamp(app, -Number(amount) * unitMs))}
}

/** Section 4, `GET /admin/stats`. */
export function statsOfServer(app: App, actor: Actor): Shape {
  requireAdmin(actor)
  return {
    ...serverTotals(app.db),
    active_connections: app.hub.size,
    uptime_seconds: Math.floor((app.now() - app.startedAtMs) / 1000),
    server_time: timestamp(app),
  }
}
