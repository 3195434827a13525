import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {invalid} from '../errors.js'
import {type Fields, optionalText} from '../input.js'
import {busiestRooms, messagesByHour, roomStats, serverTotals} from '../store/stats.js'
import {existingRoom, memberRoom, requireAdmin} from './access.js'

const UNITS_MS: Readonly<Record<string, number>> = {h: 3_600_000, d: 86_400_000, w: 604_800_000}

const HOUR_MS = 3_600_000
const HOURS_OF_DAY = 24

/** Section 4, `GET /rooms/{id}/stats`, for its members and the admins of the server. */
export function statsOfRoom(app: App, actor: Actor, roomId: number, query: Fields): Shape {
  if (actor.role === 'admin') existingRoom(app, roomId)
  else memberRoom(app, actor, roomId)
  const period = optionalText(query, 'period', 10) ?? '7d'
  const [, amount, unit = ''] = /^(\d{1,4})([hdw])$/.exec(period) ?? []
  const unitMs = UNITS_MS[unit]
  if (unitMs === undefined) throw invalid('period', 'must be like 24h, 7d or 4w')
  return {room_id: roomId, period, ...roomStats(app.db, roomId, timestamp(app, -Number(amount) * unitMs))}
}

/** Section 4, `GET /admin/stats`; what is in it, the contract leaves to the server. */
export function statsOfServer(app: App, actor: Actor): Shape {
  requireAdmin(actor)
  return {
    ...serverTotals(app.db),
    active_connections: app.hub.size,
    uptime_seconds: Math.floor((app.now() - app.startedAtMs) / 1000),
    server_time: timestamp(app),
    messages_by_hour: lastHours(app),
    busiest_rooms: busiestRooms(app.db, timestamp(app, -HOURS_OF_DAY * HOUR_MS)),
  }
}

/** The hour that runs and the 23 before it, those without a message too. */
function lastHours(app: App): Shape[] {
  const firstMs = (1 - HOURS_OF_DAY) * HOUR_MS
  const since = `${timestamp(app, firstMs).slice(0, 13)}:00:00`
  const counts = new Map(
    messagesByHour(app.db, since).map(({date, hour, message_count}) => [`${date} ${hour}`, message_count]),
  )
  return Array.from({length: HOURS_OF_DAY}, (_, index) => {
    const at = timestamp(app, firstMs + index * HOUR_MS)
    const [date, hour] = [at.slice(0, 10), Number(at.slice(11, 13))]
    return {date, hour, message_count: counts.get(`${date} ${hour}`) ?? 0}
  })
}
