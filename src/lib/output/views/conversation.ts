import type {Conversation} from '../../../contract/resources.js'
import type {View} from './view.js'

/** A conversation (section 4 of the contract): whom it is with, what is unread, whether it is blocked. */
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
  ],
  jsonFields: ['conversation_id', 'uuid', 'other_user', 'last_message', 'unread_count', 'is_blocked'],
}
