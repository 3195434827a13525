import type {Actor, App} from '../app.js'
import {denied, notFound} from '../errors.js'
import {type ConversationRow, findConversation} from '../store/conversations.js'
import {type MemberRole, roleIn} from '../store/members.js'
import {findMessage, type MessageRow} from '../store/messages.js'
import {findRoom, findRoomWithRole, type RoomRow} from '../store/rooms.js'

/** The one place that says who may do what. Every function throws ..._NOT_FOUND or PERMISSION_DENIED. */
export function existingRoom(app: App, roomId: number): RoomRow {
  const room = findRoom(app.db, roomId)
  if (!room) throw notFound('room')
  return room
}

/** Anyone may read a public room, only members a private one. */
export function readableRoom(app: App, actor: Actor, roomId: number): RoomRow {
  const room = existingRoom(app, roomId)
  if (room.is_public === 1 || roleIn(app.db, roomId, actor.id)) return room
  throw denied('This room is private')
}

/** Whoever reads or manages a room sees what it is and who is in it: an admin needs both to manage a private one. */
export function visibleRoom(app: App, actor: Actor, roomId: number): RoomRow {
  return isManager(app, actor, roomId) ? existingRoom(app, roomId) : readableRoom(app, actor, roomId)
}

/** Only members send. */
export function memberRoom(app: App, actor: Actor, roomId: number): RoomRow {
  const room = findRoomWithRole(app.db, roomId, actor.id)
  if (!room) throw notFound('room')
  if (room.member_role) return room
  throw denied('Only members may do this')
}

/** The owner, the moderators and the admins of the server manage a room. */
export function managedRoom(app: App, actor: Actor, roomId: number): RoomRow {
  const room = existingRoom(app, roomId)
  if (isManager(app, actor, roomId)) return room
  throw denied('Only a moderator of the room may do this')
}

/** Only the owner and the admins of the server end a room or give roles in it. */
export function ownedRoom(app: App, actor: Actor, roomId: number): RoomRow {
  const room = existingRoom(app, roomId)
  if (room.owner_id === actor.id || actor.role === 'admin') return room
  throw denied('Only the owner of the room may do this')
}

export function isManager(app: App, actor: Actor, roomId: number): boolean {
  const managers: readonly (MemberRole | undefined)[] = ['owner', 'moderator']
  return actor.role === 'admin' || managers.includes(roleIn(app.db, roomId, actor.id))
}

export function existingConversation(app: App, id: number): ConversationRow {
  const conversation = findConversation(app.db, id)
  if (!conversation) throw notFound('conversation')
  return conversation
}

/** Only its two users see a conversation. */
export function ownConversation(app: App, actor: Actor, id: number): ConversationRow {
  const conversation = existingConversation(app, id)
  if (conversation.user1_id === actor.id || conversation.user2_id === actor.id) return conversation
  throw denied('This conversation is between others')
}

/** A message in a place that the actor may read. */
export function readableMessage(app: App, actor: Actor, id: number): MessageRow {
  const message = findMessage(app.db, id)
  if (!message) throw notFound('message')
  if (message.room_id !== null) readableRoom(app, actor, message.room_id)
  if (message.conversation_id !== null) ownConversation(app, actor, message.conversation_id)
  return message
}

export function requireAdmin(actor: Actor): void {
  if (actor.role !== 'admin') throw denied('Only admins may do this')
}
