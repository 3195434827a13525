import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {conflict, invalid, notFound} from '../errors.js'
import {type Fields, optionalText, pageLimit} from '../input.js'
import {isDuplicate} from '../store/database.js'
import * as store from '../store/users.js'

const NAME = /^[A-Za-z0-9_-]{3,50}$/
const EMAIL = /^[^\s@]+@[^\s@]+$/

/** A user as he sees himself. */
export function showOwnUser(user: store.UserRow): Shape {
  return {
    id: user.id,
    uuid: user.uuid,
    username: user.username,
    role: user.role,
    email: user.email,
    status_message: user.status_message,
    created_at: user.created_at,
  }
}

/** A user as others see him: without his address. */
export function showUser(app: App, user: store.UserRow): Shape {
  const {email: _, ...shown} = showOwnUser(user)
  return {...shown, is_online: app.hub.isOnline(user.id), last_seen: user.last_seen}
}

export function existingUser(app: App, id: number): store.UserRow {
  const user = store.findUser(app.db, id)
  if (!user) throw notFound('user')
  return user
}

export function searchUsers(app: App, query: Fields): Shape[] {
  const part = optionalText(query, 'q', 100) ?? ''
  return store.searchUsers(app.db, part, pageLimit(query)).map(user => showUser(app, user))
}

/** Changes what is given. Throws RESOURCE_CONFLICT for a name that is taken. */
export function changeProfile(app: App, actor: Actor, fields: Fields): store.UserRow {
  const user = existingUser(app, actor.id)
  const username = optionalText(fields, 'username', Number.POSITIVE_INFINITY) ?? user.username
  if (!NAME.test(username)) throw invalid('username', 'must be 3 to 50 letters, digits, _ or -')
  const email = optionalText(fields, 'email', 254) ?? user.email
  if (!EMAIL.test(email)) throw invalid('email', 'must be an address')
  const statusMessage = optionalText(fields, 'status_message', 255) ?? user.status_message
  try {
    store.updateProfile(app.db, actor.id, {username, email, statusMessage, at: timestamp(app)})
  } catch (error) {
    if (isDuplicate(error)) throw conflict('This user name is taken')
    throw error
  }
  return existingUser(app, actor.id)
}
