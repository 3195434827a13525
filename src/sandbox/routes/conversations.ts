import {
  blockConversation,
  listConversations,
  openConversation,
  showConversation,
} from '../domain/conversations.js'
import {conversationHistory, sendToConversation} from '../domain/messages.js'
import {optionalFlag, requiredInteger} from '../input.js'
import {messageList, sentMessage} from './messages.js'
import {type Answer, type Call, created, ok, pathId, type Route} from './route.js'

export const conversationRoutes: readonly Route[] = [
  {method: 'GET', path: '/conversations', handle: list},
  {method: 'POST', path: '/conversations', handle: open},
  {
    method: 'GET',
    path: '/conversations/:id/messages',
    handle: call => messageList(call, conversationHistory(call.app, call.actor, pathId(call), call.query)),
  },
  {
    method: 'POST',
    path: '/conversations/:id/messages',
    isMessage: true,
    handle: call => sentMessage(call, sendToConversation(call.app, call.actor, pathId(call), call.body)),
  },
  {method: 'POST', path: '/conversations/:id/block', handle: block},
]

function list({app, actor, query}: Call): Answer {
  const {rows, total} = listConversations(app, actor, query, 'rest')
  return ok(app.dialect.list('conversations', rows, {total}))
}

function open({app, actor, body}: Call): Answer {
  const {id, isNew} = openConversation(app, actor, requiredInteger(body, 'user_id'))
  const shown = showConversation(app, actor, id, 'rest')
  return isNew ? created(shown) : ok(shown)
}

function block(call: Call): Answer {
  const blocked = optionalFlag(call.body, 'blocked') ?? true
  blockConversation(call.app, call.actor, pathId(call), blocked)
  return ok(showConversation(call.app, call.actor, pathId(call), 'rest'))
}
