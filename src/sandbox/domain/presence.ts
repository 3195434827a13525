import {type Actor, type App, timestamp} from '../app.js'
import {invalid} from '../errors.js'
import {type Fields, optionalChoice, optionalText} from '../input.js'
import {peersOf} from '../store/users.js'

const STATUSES = ['online', 'away', 'busy', 'invisible'] as const

/** Section 5, `update_status`: tells everyone who shares a room. Who is invisible looks as if he were gone. */
export function announceStatus(app: App, actor: Actor, data: Fields, currentRoom: number | null): void {
  const status = optionalChoice(data, 'status', STATUSES)
  if (!status) throw invalid('status', 'is required')
  const message = optionalText(data, 'message', 255) ?? ''
  app.hub.setPresence(actor.id, {status, message})
  const isHidden = status === 'invisible'
  app.hub.toUsers(peersOf(app.db, actor.id), 'user_presence', {
    user_id: actor.id,
    username: actor.username,
    status: isHidden ? 'offline' : status,
    message,
    last_seen: timestamp(app),
    current_room: isHidden ? null : currentRoom,
  })
}
