import type {AuditEntry, Contributor, RoomStats, ServerStats} from '../../contract/resources.js'
import type {Decoder} from './decode.js'
import {
  amount,
  decodeShape,
  id,
  isJsonObject,
  kindOf,
  mismatch,
  nested,
  nullable,
  required,
  type Shape,
  text,
} from './shape.js'

const CONTRIBUTOR: Shape = {
  aliases: [{name: 'id', other: 'user_id', otherWins: true}],
  fields: [
    ['id', id],
    ['username', text],
    ['message_count', amount],
  ],
}

const PEAK: Shape = {
  fields: [
    ['date', text],
    ['hour', amount],
    ['message_count', amount],
  ],
}

const ROOM_STATS: Shape = {
  fields: [
    ['message_count', amount],
    ['active_users', amount],
    ['new_members', amount],
    ['pinned_messages', amount],
    ['reactions_count', amount],
    ['peak_activity', nullable(nested((value, at) => decodeShape(PEAK, value, at)))],
    ['top_contributors', nested(decodeContributors)],
  ],
}

const AUDIT_ENTRY: Shape = {
  fields: [
    ['id', required(id)],
    ['action', required(text)],
    ['user_id', nullable(id)],
    ['moderator_id', nullable(id)],
    ['ip_address', nullable(text)],
    ['created_at', text],
  ],
}

/** What happened in a room (section 4). Throws `not_protocol`. */
export const decodeRoomStats: Decoder<RoomStats> = (value, at = 'stats') =>
  decodeShape(ROOM_STATS, value, at) as RoomStats

/** An entry of a room's audit log (section 4). Throws `not_protocol`. */
export const decodeAuditEntry: Decoder<AuditEntry> = (value, at = 'entry') =>
  decodeShape(AUDIT_ENTRY, value, at) as unknown as AuditEntry

/** The server as a whole (section 4): any object. Throws `not_protocol`. */
export const decodeServerStats: Decoder<ServerStats> = (value, at = 'stats') => {
  if (!isJsonObject(value)) throw mismatch(at, `should be an object, is ${kindOf(value)}`)
  return value
}

function decodeContributors(value: unknown, at: string): readonly Contributor[] {
  if (!Array.isArray(value)) throw mismatch(at, `should be a list, is ${kindOf(value)}`)
  return value.map((item, index) => decodeShape(CONTRIBUTOR, item, `${at}[${index}]`) as Contributor)
}
