import type {Conversation} from '../../../contract/resources.js'
import {moment} from './moment.js'
import type {View} from './view.js'

/** A conversation (section 4 of the contract): whom it is with, what is unread, whether it is blocked, what came last. */
export const conversationView: View<Conversation> = {
  columns: [
    {header: 'id', value: conversation => conversation.conversation_id},
    {
      header: 'with',
      value: conversation => conversation.other_user?.username,
      paint: (text, style) => style.bold(text),
    },
    {header: 'unread', value: conversation => conversation.unread_count},
    {
      header: 'state',
      value: conversation => (conversation.is_blocked ? 'blocked' : 'open'),
      paint: (text, style, conversation) => (conversation.is_blocked ? style.red(text) : text),
    },
    {
      header: 'active',
      value: (conversation, context) => moment(lastField(conversation, 'created_at'), context),
      paint: (text, style) => style.dim(text),
    },
    {header: 'last', value: conversation => lastField(conversation, 'content')},
  ],
  jsonFields: ['conversation_id', 'uuid', 'other_user', 'last_message', 'unread_count', 'is_blocked'],
}

/** A text of the last message, of which a server may send a part only, or nothing. */
function lastField({last_message: last}: Conversation, name: 'content' | 'created_at'): string | undefined {
  const value = Object(last)[name]
  return typeof value === 'string' ? value : undefined
}
