import {type Actor, type App, timestamp} from '../app.js'
import type {Shape, Shown} from '../dialects.js'
import {denied, invalid, SandboxError} from '../errors.js'
import {
  asFields,
  type Fields,
  messageContent,
  optionalFlag,
  optionalInteger,
  optionalText,
  pageLimit,
  parentId,
} from '../input.js'
import {markConversationRead} from '../store/conversations.js'
import {markRoomRead} from '../store/members.js'
import * as store from '../store/messages.js'
import {reactionsOf} from '../store/reactions.js'
import {findUserByName} from '../store/users.js'
import {isManager, managedRoom, memberRoom, ownConversation, readableMessage, readableRoom} from './access.js'
import {record} from './audit.js'

type MessageRow = store.MessageRow

/** A message that was sent, or the first of its kind when this one was a repeat. */
export interface Sent {
  readonly message: MessageRow
  readonly isRepeat: boolean
  /** The data of a frame that carries it. */
  readonly event: Shape
}

export function sendToRoom(app: App, actor: Actor, roomId: number, fields: Fields): Sent {
  const room = memberRoom(app, actor, roomId)
  const {message, isRepeat} = keep(app, actor, {roomId}, fields)
  const event = {...eventOf(app, message, isRepeat), room_name: room.name}
  if (!isRepeat) {
    app.faults.showMessage(message.id, roomId, () => app.hub.toRoom(roomId, 'room_message', event))
    app.webhooks.emit('message_sent', roomId, event)
  }
  return {message, isRepeat, event}
}

/** Throws CONVERSATION_BLOCKED when either of the two blocks the other. */
export function sendToConversation(app: App, actor: Actor, conversationId: number, fields: Fields): Sent {
  const conversation = ownConversation(app, actor, conversationId)
  if (conversation.user1_blocks === 1 || conversation.user2_blocks === 1) {
    throw new SandboxError(409, 'CONVERSATION_BLOCKED', 'The conversation is blocked')
  }
  const {message, isRepeat} = keep(app, actor, {conversationId}, fields)
  const event = eventOf(app, message, isRepeat)
  if (!isRepeat) {
    const users = [conversation.user1_id, conversation.user2_id]
    app.faults.showMessage(message.id, undefined, () => app.hub.toUsers(users, 'dm_message', event))
  }
  return {message, isRepeat, event}
}

function keep(app: App, actor: Actor, place: store.Place, fields: Fields): Omit<Sent, 'event'> {
  const content = messageContent(fields)
  const metadata = asFields(fields.metadata, 'metadata')
  const clientId = app.dialect.dropsRepeats ? (optionalText(metadata, 'client_id', 255) ?? null) : null
  const first = clientId === null ? undefined : store.findRepeat(app.db, place, actor.id, clientId)
  if (first) return {message: first, isRepeat: true}
  const message = store.insertMessage(app.db, {
    place,
    authorId: actor.id,
    username: actor.username,
    content,
    parentId: parentIn(app, place, fields),
    metadata: JSON.stringify(metadata),
    mentions: mentionsIn(app, content),
    clientId,
    at: timestamp(app),
  })
  app.tally.messages += 1
  return {message, isRepeat: false}
}

// A message that is just made has no reactions; only a repeated one can.
function eventOf(app: App, message: MessageRow, isRepeat: boolean): Shape {
  return app.dialect.message(message, isRepeat ? reactionsOf(app.db, [message.id]) : [], 'event')
}

function parentIn(app: App, place: store.Place, fields: Fields): number | null {
  const id = parentId(fields)
  if (id === null) return null
  const parent = store.findMessage(app.db, id)
  const isHere =
    parent?.room_id === (place.roomId ?? null) && parent.conversation_id === (place.conversationId ?? null)
  if (!isHere) throw invalid('parent_id', 'must be a message of the same room or conversation')
  return id
}

function mentionsIn(app: App, content: string): string {
  if (!content.includes('@')) return '[]'
  const names = [...content.matchAll(/@([A-Za-z0-9_-]{3,50})/g)].map(match => match[1] ?? '')
  return JSON.stringify([...new Set(names)].filter(name => findUserByName(app.db, name)))
}

export function showMessages(app: App, rows: readonly MessageRow[], shown: Shown): Shape[] {
  const ids = rows.map(row => row.id)
  const reactions = reactionsOf(app.db, ids)
  return rows.map(row =>
    app.dialect.message(
      row,
      reactions.filter(reaction => reaction.message_id === row.id),
      shown,
    ),
  )
}

export function showMessage(app: App, message: MessageRow): Shape {
  return app.dialect.message(message, reactionsOf(app.db, [message.id]), 'rest')
}

export function roomHistory(app: App, actor: Actor, roomId: number, query: Fields): store.MessagePage {
  readableRoom(app, actor, roomId)
  const page = store.listMessages(app.db, {roomId}, messageQuery(app, query))
  markRoomRead(app.db, roomId, actor.id)
  return page
}

export function conversationHistory(app: App, actor: Actor, id: number, query: Fields): store.MessagePage {
  ownConversation(app, actor, id)
  const page = store.listMessages(app.db, {conversationId: id}, messageQuery(app, query))
  markConversationRead(app.db, id, actor.id)
  return page
}

function messageQuery(app: App, query: Fields): store.MessageQuery {
  const plain = {
    limit: pageLimit(query),
    beforeId: optionalInteger(query, 'before_id'),
    hidden: app.faults.hidden,
  }
  if (!app.dialect.filtersMessages) return {...plain, withReplies: true, pinnedOnly: false}
  return {
    ...plain,
    afterId: optionalInteger(query, 'after_id'),
    withReplies: optionalFlag(query, 'include_threads') ?? true,
    pinnedOnly: optionalFlag(query, 'pinned_only') ?? false,
  }
}

/** Only the author edits. */
export function editMessage(app: App, actor: Actor, id: number, fields: Fields): MessageRow {
  const message = readableMessage(app, actor, id)
  if (message.author_id !== actor.id) throw denied('Only the author may edit a message')
  optionalText(fields, 'edit_reason', 500)
  const content = messageContent(fields)
  store.updateContent(app.db, id, {content, mentions: mentionsIn(app, content), at: timestamp(app)})
  return readableMessage(app, actor, id)
}

/** The author deletes his own; who manages the room deletes anybody's, and that is recorded. */
export function deleteMessage(app: App, actor: Actor, id: number): void {
  const message = readableMessage(app, actor, id)
  if (message.author_id !== actor.id) {
    if (message.room_id === null || !isManager(app, actor, message.room_id)) {
      throw denied('Only the author or a moderator may delete a message')
    }
    record(app, actor, {
      roomId: message.room_id,
      action: 'message_deleted',
      userId: message.author_id,
      details: {message_id: id},
    })
  }
  store.deleteMessage(app.db, id)
}

/** Who manages the room pins there; both users pin in their conversation. */
export function pinMessage(app: App, actor: Actor, id: number, pinned: boolean): MessageRow {
  const message = readableMessage(app, actor, id)
  if (message.room_id !== null) {
    managedRoom(app, actor, message.room_id)
    const action = pinned ? 'message_pinned' : 'message_unpinned'
    record(app, actor, {
      roomId: message.room_id,
      action,
      userId: message.author_id,
      details: {message_id: id},
    })
  }
  store.setPinned(app.db, id, pinned)
  return {...message, is_pinned: pinned ? 1 : 0}
}
