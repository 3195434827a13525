import type {Conversation, Page} from '../../contract/resources.js'
import type {HttpClient} from '../http/types.js'
import {decodeConversation, decodePage} from './decode.js'
import {createMessageThread, type MessageThread} from './message-thread.js'
import {pageLimit} from './paging.js'

/** Which conversations to list. */
export interface ConversationQuery {
  readonly limit?: number
  readonly includeLastMessage?: boolean
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined
}

/** Section 4 of the contract, direct messages. In `messages`, `history` and `send` the id is the conversation's. */
export interface DmsApi {
  /** `limit`: default 50, at most 100. */
  list(query?: ConversationQuery): Promise<Page<Conversation>>
  /** The conversation with a user, new or old. */
  open(userId: number): Promise<Conversation>
  /** Keeps the other user from writing there, or lets him again. To do it twice is the same as once. */
  block(conversationId: number, blocked: boolean): Promise<void>
  messages: MessageThread['list']
  history: MessageThread['history']
  send: MessageThread['send']
}

/** Makes the calls for direct messages. */
export function createDmsApi(http: HttpClient): DmsApi {
  const thread = createMessageThread(http, id => `/conversations/${id}/messages`)
  return {
    list: async ({limit = 50, includeLastMessage, signal} = {}) => {
      const query = {limit: pageLimit(limit), include_last_message: includeLastMessage}
      const {data} = await http.request({method: 'GET', path: '/conversations', query, signal})
      return decodePage(data, 'conversations', decodeConversation, query.limit)
    },
    open: async userId => {
      // The answer to a second call is the same conversation: it may be repeated.
      const body = {user_id: userId}
      const {data} = await http.request({method: 'POST', path: '/conversations', body, repeatable: true})
      return decodeConversation(data)
    },
    block: async (conversationId, blocked) => {
      const path = `/conversations/${conversationId}/block`
      await http.request({method: 'POST', path, body: {blocked}, repeatable: true})
    },
    messages: thread.list,
    history: thread.history,
    send: thread.send,
  }
}
