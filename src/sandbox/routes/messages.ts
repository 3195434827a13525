import {
  deleteMessage,
  editMessage,
  pinMessage,
  roomHistory,
  type Sent,
  sendToRoom,
  showMessage,
  showMessages,
} from '../domain/messages.js'
import {addReaction, listReactions, removeReaction} from '../domain/reactions.js'
import {emojiOf, optionalFlag} from '../input.js'
import type {MessagePage} from '../store/messages.js'
import {type Answer, type Call, created, EMPTY, ok, pathId, type Route} from './route.js'

export const messageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/rooms/:id/messages',
    handle: call => messageList(call, roomHistory(call.app, call.actor, pathId(call), call.query)),
  },
  {
    method: 'POST',
    path: '/rooms/:id/messages',
    isMessage: true,
    handle: call => sentMessage(call, sendToRoom(call.app, call.actor, pathId(call), call.body)),
  },
  {method: 'PUT', path: '/messages/:id', handle: edit},
  {method: 'DELETE', path: '/messages/:id', handle: remove},
  {method: 'POST', path: '/messages/:id/pin', handle: pin},
  {
    method: 'GET',
    path: '/messages/:id/reactions',
    handle: call => ok(listReactions(call.app, call.actor, pathId(call))),
  },
  {method: 'POST', path: '/messages/:id/reactions', handle: react},
  {method: 'DELETE', path: '/messages/:id/reactions/:emoji', handle: unreact},
]

/** A page of messages, of a room or a conversation. */
export function messageList({app}: Call, page: MessagePage): Answer {
  const rows = showMessages(app, page.rows, 'rest')
  return ok(app.dialect.list('messages', rows, {has_more: page.hasMore, total_count: page.total}))
}

/** A repeat is no new message: 200 with the first one. */
export function sentMessage({app}: Call, {message, isRepeat}: Sent): Answer {
  const shown = showMessage(app, message)
  return isRepeat ? ok(shown) : created(shown)
}

function edit(call: Call): Answer {
  return ok(showMessage(call.app, editMessage(call.app, call.actor, pathId(call), call.body)))
}

function remove(call: Call): Answer {
  deleteMessage(call.app, call.actor, pathId(call))
  return EMPTY
}

function pin(call: Call): Answer {
  const pinned = optionalFlag(call.body, 'pinned') ?? true
  return ok(showMessage(call.app, pinMessage(call.app, call.actor, pathId(call), pinned)))
}

function react(call: Call): Answer {
  return created(addReaction(call.app, call.actor, pathId(call), emojiOf(call.body)))
}

function unreact(call: Call): Answer {
  removeReaction(call.app, call.actor, pathId(call), emojiOf(call.params))
  return EMPTY
}
