import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {notFound} from '../errors.js'
import type {MessageRow} from '../store/messages.js'
import * as store from '../store/reactions.js'
import {existingConversation, memberRoom, readableMessage} from './access.js'

/** A second reaction of the same user with the same emoji changes nothing and tells nobody. */
export function addReaction(app: App, actor: Actor, messageId: number, emoji: string): Shape {
  const message = reactableMessage(app, actor, messageId)
  const isNew = store.insertReaction(app.db, messageId, actor.id, emoji, timestamp(app))
  const change = changeOf(actor, message, emoji)
  if (isNew) announce(app, message, 'reaction_added', change)
  return change
}

export function removeReaction(app: App, actor: Actor, messageId: number, emoji: string): void {
  const message = reactableMessage(app, actor, messageId)
  if (!store.deleteReaction(app.db, messageId, actor.id, emoji)) throw notFound('reaction')
  announce(app, message, 'reaction_removed', changeOf(actor, message, emoji))
}

export function listReactions(app: App, actor: Actor, messageId: number): Shape {
  readableMessage(app, actor, messageId)
  return app.dialect.reactionList(messageId, store.reactionsOf(app.db, [messageId]))
}

function reactableMessage(app: App, actor: Actor, messageId: number): MessageRow {
  const message = readableMessage(app, actor, messageId)
  if (message.room_id !== null) memberRoom(app, actor, message.room_id)
  return message
}

function changeOf(actor: Actor, message: MessageRow, emoji: string): Shape {
  const place =
    message.room_id === null ? {conversation_id: message.conversation_id} : {room_id: message.room_id}
  return {message_id: message.id, ...place, emoji, user_id: actor.id, username: actor.username}
}

function announce(app: App, message: MessageRow, type: string, change: Shape): void {
  if (message.room_id !== null) {
    app.hub.toRoom(message.room_id, type, change)
    return
  }
  const {user1_id, user2_id} = existingConversation(app, message.conversation_id ?? 0)
  app.hub.toUsers([user1_id, user2_id], type, change)
}
