import type {Message, ReactionList} from '../../contract/resources.js'
import type {HttpClient} from '../http/types.js'
import {decodeMessage} from './decode.js'
import {decodeReactionList} from './decode-reaction-list.js'
import {emojiSegment} from './emoji.js'
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
  /** Pins a message, or takes the pin off. To do it twice is the same as once. */
  pin(messageId: number, pinned: boolean): Promise<Message>
  /** Who has reacted to a message, and with what. */
  reactions(messageId: number): Promise<ReactionList>
  /** Reacts as the account that is signed in. @throws {VezaError} `usage` as `unreact`. */
  react(messageId: number, emoji: string): Promise<void>
  /** Takes its own reaction back. @throws {VezaError} `usage` for an emoji that is empty or that no address can hold. */
  unreact(messageId: number, emoji: string): Promise<void>
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
    ...createReactionCalls(http),
    pin: async (messageId, pinned) => {
      const path = `/messages/${messageId}/pin`
      const {data} = await http.request({method: 'POST', path, body: {pinned}, repeatable: true})
      return decodeMessage(data)
    },
  }
}

function createReactionCalls(http: HttpClient): Pick<MessagesApi, 'reactions' | 'react' | 'unreact'> {
  const pathOf = (messageId: number): string => `/messages/${messageId}/reactions`
  return {
    reactions: async messageId => {
      const {data} = await http.request({method: 'GET', path: pathOf(messageId)})
      return decodeReactionList(data)
    },
    react: async (messageId, emoji) => {
      // What an address cannot hold could not be taken back.
      emojiSegment(emoji)
      // A user has each emoji once at most: a repeat changes nothing.
      await http.request({method: 'POST', path: pathOf(messageId), body: {emoji}, repeatable: true})
    },
    unreact: async (messageId, emoji) => {
      await http.request({method: 'DELETE', path: `${pathOf(messageId)}/${emojiSegment(emoji)}`})
    },
  }
}
