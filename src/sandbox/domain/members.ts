import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {conflict, denied, notFound} from '../errors.js'
import {type Fields, optionalChoice, pageLimit, requiredInteger} from '../input.js'
import * as store from '../store/members.js'
import type {RoomRow} from '../store/rooms.js'
import {existingRoom, isManager, managedRoom, ownedRoom, readableRoom, visibleRoom} from './access.js'
import {record} from './audit.js'
import {existingUser} from './users.js'

const ROLE_FILTERS = [...store.MEMBER_ROLES, 'all'] as const
// A room has one owner: whoever made it.
const GIVEN_ROLES = ['moderator', 'member'] as const

export function listMembers(app: App, actor: Actor, roomId: number, query: Fields) {
  visibleRoom(app, actor, roomId)
  const role = optionalChoice(query, 'role', ROLE_FILTERS) ?? 'all'
  const {rows, total} = store.listMembers(app.db, roomId, {role, limit: pageLimit(query)})
  return {rows: rows.map(row => showMember(app, row)), total}
}

/** Makes the user a member of a public room who is none yet; returns his role. */
export function joinRoom(app: App, actor: Actor, roomId: number): {room: RoomRow; role: store.MemberRole} {
  const room = readableRoom(app, actor, roomId)
  const role = store.roleIn(app.db, roomId, actor.id)
  if (role) return {room, role}
  enter(app, room, actor.id, 'member')
  return {room, role: 'member'}
}

/** Who manages a room brings others in; anyone lets himself into a public room. */
export function addMember(app: App, actor: Actor, roomId: number, fields: Fields): Shape {
  const userId = requiredInteger(fields, 'user_id')
  const role = optionalChoice(fields, 'role', GIVEN_ROLES) ?? 'member'
  const isJoining = userId === actor.id && role === 'member'
  const room = isJoining ? joinable(app, actor, roomId) : managedRoom(app, actor, roomId)
  if (role === 'moderator') ownedRoom(app, actor, roomId)
  existingUser(app, userId)
  if (store.roleIn(app.db, roomId, userId)) throw conflict('This user is a member already')
  enter(app, room, userId, role)
  if (!isJoining) record(app, actor, {roomId, action: 'member_added', userId, details: {role}})
  return shownMember(app, roomId, userId)
}

function joinable(app: App, actor: Actor, roomId: number): RoomRow {
  const room = existingRoom(app, roomId)
  if (room.is_public === 1 || isManager(app, actor, roomId)) return room
  throw denied('This room is private')
}

export function changeRole(app: App, actor: Actor, roomId: number, userId: number, fields: Fields): Shape {
  const room = ownedRoom(app, actor, roomId)
  const role = optionalChoice(fields, 'role', GIVEN_ROLES) ?? 'member'
  shownMember(app, roomId, userId)
  if (room.owner_id === userId) throw conflict('The owner stays the owner')
  store.setRole(app.db, roomId, userId, role)
  record(app, actor, {roomId, action: 'role_changed', userId, details: {role}})
  return shownMember(app, roomId, userId)
}

/** Anyone leaves but the owner; who manages the room removes members, its owner moderators too. */
export function removeMember(app: App, actor: Actor, roomId: number, userId: number): void {
  const isLeaving = userId === actor.id
  const room = isLeaving ? existingRoom(app, roomId) : managedRoom(app, actor, roomId)
  const role = store.roleIn(app.db, roomId, userId)
  if (!role) throw notFound('member')
  if (role === 'owner') throw conflict('The owner cannot leave the room')
  if (!isLeaving && role === 'moderator') ownedRoom(app, actor, roomId)
  store.deleteMember(app.db, roomId, userId)
  app.hub.expel(userId, roomId)
  if (!isLeaving) record(app, actor, {roomId, action: 'member_removed', userId, details: {role}})
  app.webhooks.emit('user_left', roomId, movement(app, room, userId))
}

function enter(app: App, room: RoomRow, userId: number, role: store.MemberRole): void {
  if (room.max_members !== null && store.countMembers(app.db, room.id) >= room.max_members) {
    throw conflict('The room is full')
  }
  store.insertMember(app.db, room.id, userId, role, timestamp(app))
  app.webhooks.emit('user_joined', room.id, movement(app, room, userId))
}

function movement(app: App, room: RoomRow, userId: number): Shape {
  const {username} = existingUser(app, userId)
  return {room_id: room.id, room_name: room.name, user_id: userId, username, created_at: timestamp(app)}
}

function shownMember(app: App, roomId: number, userId: number): Shape {
  const member = store.findMember(app.db, roomId, userId)
  if (!member) throw notFound('member')
  return showMember(app, member)
}

function showMember(app: App, member: store.MemberRow): Shape {
  return app.dialect.member(member, app.hub.isOnline(member.user_id))
}
