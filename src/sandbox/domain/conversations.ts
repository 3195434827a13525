import {type Actor, type App, timestamp} from '../app.js'
import type {Shape, Shown} from '../dialects.js'
import {invalid, notFound} from '../errors.js'
import {type Fields, optionalFlag, pageLimit} from '../input.js'
import * as store from '../store/conversations.js'
import {lastMessage} from '../store/messages.js'
import {ownConversation} from './access.js'
import {showMessages} from './messages.js'
import {existingUser} from './users.js'

export function listConversations(app: App, actor: Actor, query: Fields, shown: Shown) {
  const withLast = optionalFlag(query, 'include_last_message') ?? true
  const {rows, total} = store.listConversations(app.db, actor.id, pageLimit(query))
  return {rows: rows.map(row => show(app, row, shown, withLast)), total}
}

/** The conversation of two users, which is made when there is none. */
export function openConversation(app: App, actor: Actor, userId: number): {id: number; isNew: boolean} {
  if (userId === actor.id) throw invalid('user_id', 'must be somebody else')
  existingUser(app, userId)
  const known = store.findConversationOf(app.db, actor.id, userId)
  if (known) return {id: known.id, isNew: false}
  return {id: store.insertConversation(app.db, actor.id, userId, timestamp(app)), isNew: true}
}

export function showConversation(app: App, actor: Actor, id: number, shown: Shown): Shape {
  const row = store.viewConversation(app.db, id, actor.id)
  if (!row) throw notFound('conversation')
  return show(app, row, shown, true)
}

export function blockConversation(app: App, actor: Actor, id: number, blocked: boolean): void {
  ownConversation(app, actor, id)
  store.setBlocked(app.db, id, actor.id, blocked, timestamp(app))
}

function show(app: App, row: store.ConversationView, shown: Shown, withLast: boolean): Shape {
  if (!withLast) return app.dialect.conversation(row, undefined, shown)
  const last = lastMessage(app.db, {conversationId: row.id})
  const [message = null] = last ? showMessages(app, [last], shown === 'rest' ? 'rest' : 'history') : []
  return app.dialect.conversation(row, message, shown)
}
