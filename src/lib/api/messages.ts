import type {Message} from '../../contract/resources.js'
import type {HttpClient} from '../http/types.js'
import {decodeMessage} from './decode.js'
import {createMessageThread, type MessageThread} from './message-thread.js'

/** New content for a message. */
export interface MessageEdit {
  readonly content: string
  readonly reason?: string | undefined
}

/** Section 4 of the contract, messages: in `list`, `history` and `send` the id is the room's, else the message's. */
export interface MessagesApi extends MessageThread {
  /** Also for direct messages. */
  edit(messageId: number, edit: MessageEdit): Promise<Message>
  /** Also for direct messages. */
  delete(messageId: number): Promise<void>
}

/** Makes the calls for messages of rooms, and for single messages. */
export function createMessagesApi(http: HttpClient): MessagesApi {
  return {
    ...createMessageThread(http, roomId => `/rooms/${roomId}/messages`),
    edit: async (messageId, {content, reason}) => {
      const body = {content, ...(reason === undefined ? {} : {edit_reason: reason})}
      const {data} = await http.request({method: 'PUT', path: `/messages/${messageId}`, body})
      return decodeMessage(data)
    },
    delete: async messageId => {
      await http.request({method: 'DELETE', path: `/messages/${messageId}`})
    },
  }
}
