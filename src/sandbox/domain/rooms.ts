import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {conflict, invalid, notFound} from '../errors.js'
import {
  type Fields,
  optionalChoice,
  optionalFlag,
  optionalInteger,
  optionalText,
  pageLimit,
  requiredText,
} from '../input.js'
import {isDuplicate} from '../store/database.js'
import {storedNamesIn} from '../store/files.js'
import {insertMember} from '../store/members.js'
import * as store from '../store/rooms.js'
import {managedRoom, ownedRoom, visibleRoom} from './access.js'
import {record} from './audit.js'
import {removeStored} from './files.js'

const NAME_MAX = 100
const DESCRIPTION_MAX = 1_000

export function listRooms(app: App, actor: Actor, query: Fields) {
  const limit = pageLimit(query)
  const offset = optionalInteger(query, 'offset') ?? 0
  if (offset < 0) throw invalid('offset', 'must not be negative')
  const {rows, total} = store.listRooms(app.db, {
    viewerId: actor.id,
    filter: optionalChoice(query, 'filter', store.ROOM_FILTERS) ?? 'all',
    search: optionalText(query, 'search', NAME_MAX) ?? '',
    limit,
    offset,
  })
  return {rows: rows.map(app.dialect.room), page: {total, has_more: offset + rows.length < total}}
}

/** Whoever makes a room owns it. Throws RESOURCE_CONFLICT for a name that is taken. */
export function createRoom(app: App, actor: Actor, fields: Fields): Shape {
  const maxMembers = optionalInteger(fields, 'max_members') ?? null
  if (maxMembers !== null && maxMembers < 1) throw invalid('max_members', 'must be at least 1')
  const room = {
    name: requiredText(fields, 'name', NAME_MAX),
    description: optionalText(fields, 'description', DESCRIPTION_MAX) ?? '',
    isPublic: optionalFlag(fields, 'is_public') ?? true,
    ownerId: actor.id,
    maxMembers,
    at: timestamp(app),
  }
  const id = uniqueName(() =>
    app.db.transaction(() => {
      const roomId = store.insertRoom(app.db, room)
      insertMember(app.db, roomId, actor.id, 'owner', room.at)
      return roomId
    }),
  )
  return showRoom(app, actor, id)
}

export function getRoom(app: App, actor: Actor, id: number): Shape {
  visibleRoom(app, actor, id)
  return showRoom(app, actor, id)
}

export function updateRoom(app: App, actor: Actor, id: number, fields: Fields): Shape {
  const room = managedRoom(app, actor, id)
  const name = fields.name === undefined ? room.name : requiredText(fields, 'name', NAME_MAX)
  const description = optionalText(fields, 'description', DESCRIPTION_MAX) ?? room.description
  uniqueName(() => store.updateRoom(app.db, id, {name, description, at: timestamp(app)}))
  record(app, actor, {roomId: id, action: 'room_updated', userId: null, details: {name, description}})
  return showRoom(app, actor, id)
}

/** With its messages and its files. */
export async function deleteRoom(app: App, actor: Actor, id: number): Promise<void> {
  ownedRoom(app, actor, id)
  const files = storedNamesIn(app.db, id)
  // Rows first: a crash in between leaves bytes that nobody finds, not files without bytes.
  store.deleteRoom(app.db, id)
  app.hub.closeRoom(id)
  await removeStored(app, files)
}

function showRoom(app: App, actor: Actor, id: number): Shape {
  const room = store.viewRoom(app.db, id, actor.id)
  if (!room) throw notFound('room')
  return app.dialect.room(room)
}

function uniqueName<T>(write: () => T): T {
  try {
    return write()
  } catch (error) {
    if (isDuplicate(error)) throw conflict('There is a room of this name already')
    throw error
  }
}
