import {type Actor, type App, timestamp} from '../app.js'
import {existingConversation} from '../domain/access.js'
import {auditLogs} from '../domain/audit.js'
import {blockConversation, listConversations, openConversation} from '../domain/conversations.js'
import {joinRoom} from '../domain/members.js'
import {pinMessage, roomHistory, sendToConversation, sendToRoom, showMessages} from '../domain/messages.js'
import {announceStatus} from '../domain/presence.js'
import {addReaction, listReactions, removeReaction} from '../domain/reactions.js'
import {statsOfRoom} from '../domain/stats.js'
import {denied, invalid} from '../errors.js'
import {emojiOf, type Fields, optionalFlag, requiredInteger} from '../input.js'
import {countMembers} from '../store/members.js'
import {lastMessage} from '../store/messages.js'
import type {Connection} from './connection.js'

/** A frame of a user who is signed in. */
interface Call {
  readonly app: App
  readonly connection: Connection
  readonly actor: Actor
  readonly data: Fields
}

type Handler = (call: Call) => void

const CLOSE_NORMAL = 1000

/** The table of section 5, but for `authenticate`. */
export const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['join_room', join],
  ['leave_room', leave],
  ['send_message', send],
  ['get_history', history],
  ['pin_message', pin],
  ['create_dm', createDm],
  ['send_dm', sendDm],
  ['block_dm', blockDm],
  ['list_dms', listDms],
  ['add_reaction', react],
  ['remove_reaction', unreact],
  ['get_reactions', reactions],
  ['update_status', updateStatus],
  ['get_room_stats', roomStats],
  ['get_audit_logs', audit],
  ['ping', ping],
  ['disconnect', ({connection}) => connection.close(CLOSE_NORMAL, 'disconnect')],
])

/** The frames that an API key without the right to write may send. */
export const READS: ReadonlySet<string> = new Set([
  'join_room',
  'leave_room',
  'get_history',
  'list_dms',
  'get_reactions',
  'get_room_stats',
  'get_audit_logs',
  'ping',
  'disconnect',
])

function join({app, connection, actor, data}: Call): void {
  const {room, role} = joinRoom(app, actor, requiredInteger(data, 'room_id'))
  app.hub.join(connection, room.id)
  connection.currentRoomId = room.id
  if (!app.dialect.acknowledges) return
  connection.send('room_joined', {
    room_id: room.id,
    room_name: room.name,
    member_count: countMembers(app.db, room.id),
    user_role: role,
    is_public: room.is_public === 1,
    last_message_id: lastMessage(app.db, {roomId: room.id})?.id ?? null,
  })
}

// Leaves the room on this socket; membership ends over REST.
function leave({app, connection, data}: Call): void {
  const roomId = requiredInteger(data, 'room_id')
  app.hub.leave(connection, roomId)
  if (connection.currentRoomId === roomId) connection.currentRoomId = null
}

function send({app, connection, actor, data}: Call): void {
  app.limiter?.take('message', actor.id)
  const {event} = sendToRoom(app, actor, requiredInteger(data, 'room_id'), data)
  if (app.dialect.acknowledges) connection.send('message_sent', event)
}

function history({app, connection, actor, data}: Call): void {
  const roomId = requiredInteger(data, 'room_id')
  const page = roomHistory(app, actor, roomId, data)
  connection.send('room_history', {
    room_id: roomId,
    messages: showMessages(app, page.rows, 'history'),
    has_more: page.hasMore,
    total_count: page.total,
  })
}

function pin({app, actor, data}: Call): void {
  pinMessage(app, actor, requiredInteger(data, 'message_id'), optionalFlag(data, 'pin') ?? true)
}

function createDm({app, connection, actor, data}: Call): void {
  const users = [requiredInteger(data, 'user1_id'), requiredInteger(data, 'user2_id')]
  if (!users.includes(actor.id)) throw denied('One of the two users must be you')
  const other = users.find(id => id !== actor.id)
  if (other === undefined) throw invalid('user2_id', 'must be somebody else')
  const {id} = openConversation(app, actor, other)
  const row = existingConversation(app, id)
  connection.send('dm_created', {
    conversation_id: id,
    user1_id: row.user1_id,
    user2_id: row.user2_id,
    is_blocked: row.user1_blocks === 1 || row.user2_blocks === 1,
    created_at: row.created_at,
  })
}

function sendDm({app, connection, actor, data}: Call): void {
  app.limiter?.take('message', actor.id)
  const {event, isRepeat} = sendToConversation(app, actor, requiredInteger(data, 'conversation_id'), data)
  if (isRepeat) connection.send('dm_message', event)
}

function blockDm({app, actor, data}: Call): void {
  blockConversation(app, actor, requiredInteger(data, 'conversation_id'), optionalFlag(data, 'block') ?? true)
}

function listDms({app, connection, actor, data}: Call): void {
  const {rows, total} = listConversations(app, actor, data, 'history')
  connection.send('dm_list', {conversations: rows, total})
}

function react({app, actor, data}: Call): void {
  addReaction(app, actor, requiredInteger(data, 'message_id'), emojiOf(data))
}

function unreact({app, actor, data}: Call): void {
  removeReaction(app, actor, requiredInteger(data, 'message_id'), emojiOf(data))
}

function reactions({app, connection, actor, data}: Call): void {
  connection.send('message_reactions', listReactions(app, actor, requiredInteger(data, 'message_id')))
}

function updateStatus({app, connection, actor, data}: Call): void {
  announceStatus(app, actor, data, connection.currentRoomId)
}

function roomStats({app, connection, actor, data}: Call): void {
  connection.send('room_stats', statsOfRoom(app, actor, requiredInteger(data, 'room_id'), data))
}

function audit({app, connection, actor, data}: Call): void {
  const roomId = requiredInteger(data, 'room_id')
  const {rows, total} = auditLogs(app, actor, roomId, data)
  connection.send('audit_logs', {room_id: roomId, logs: rows, total})
}

function ping({app, connection, data}: Call): void {
  connection.send('pong', {timestamp: data.timestamp ?? null, server_time: timestamp(app)})
}
