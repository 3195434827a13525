import type {HttpClient} from '../http/types.js'
import {createMessageThread, type MessageThread} from './message-thread.js'

/** Section 4 of the contract, messages of a room; the id is the room's. */
export type MessagesApi = MessageThread

/** Makes the calls for messages of rooms. */
export function createMessagesApi(http: HttpClient): MessagesApi {
  return createMessageThread(http, roomId => `/rooms/${roomId}/messages`)
}
