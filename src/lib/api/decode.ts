import type {
  Conversation,
  Member,
  Message,
  Page,
  Room,
  TokenGrant,
  UploadedFile,
  User,
} from '../../contract/resources.js'
import {decodeReactions} from './reactions.js'
import {
  amount,
  bool,
  decodeShape,
  id,
  isJsonObject,
  kindOf,
  mismatch,
  nested,
  nullable,
  object,
  renameAliases,
  required,
  type Shape,
  text,
} from './shape.js'

/** Reads one JSON value. `at` is the place that an error names. */
export type Decoder<T> = (value: unknown, at?: string) => T

const USER: Shape = {
  aliases: [{name: 'id', other: 'user_id', otherWins: true}],
  fields: [
    ['id', required(id)],
    ['username', required(text)],
    ['role', text],
    ['email', text],
    ['status_message', nullable(text)],
  ],
}

const MEMBER: Shape = {
  ...USER,
  fields: [
    ['id', required(id)],
    ['username', required(text)],
    ['role', text],
    ['joined_at', text],
    ['is_online', bool],
    ['last_seen', nullable(text)],
  ],
}

const ROOM: Shape = {
  fields: [
    ['id', required(id)],
    ['uuid', text],
    ['name', required(text)],
    ['description', nullable(text)],
    ['is_public', bool],
    ['owner_id', id],
    ['created_at', text],
    ['updated_at', text],
    ['member_count', amount],
    ['max_members', nullable(amount)],
    ['unread_count', amount],
    ['last_activity', nullable(text)],
  ],
}

const MESSAGE: Shape = {
  aliases: [
    {name: 'id', other: 'message_id', otherWins: true},
    {name: 'parent_id', other: 'parent_message_id'},
  ],
  fields: [
    ['id', required(id)],
    ['uuid', text],
    ['author_id', id],
    ['username', text],
    ['content', required(text)],
    ['parent_id', nullable(id)],
    ['thread_count', amount],
    ['is_pinned', bool],
    ['is_edited', bool],
    ['reactions', nested(decodeReactions)],
    ['metadata', nullable(object)],
    ['created_at', text],
    ['updated_at', text],
    ['room_id', id],
    ['room_name', text],
    ['conversation_id', id],
  ],
}

const CONVERSATION: Shape = {
  aliases: [{name: 'conversation_id', other: 'id'}],
  fields: [
    ['conversation_id', required(id)],
    ['uuid', text],
    ['other_user', nested(decodeUser)],
    // May be a preview without all that a message has: only its names are made the first ones.
    ['last_message', nested(value => (isJsonObject(value) ? renameAliases(MESSAGE, value) : value))],
    ['unread_count', amount],
    ['is_blocked', bool],
  ],
}

const UPLOADED_FILE: Shape = {
  fields: [
    ['file_id', required(id)],
    ['filename', required(text)],
    ['url', required(text)],
    ['size', required(amount)],
    ['original_filename', text],
    ['mime_type', text],
    ['thumbnail_url', nullable(text)],
    ['uploaded_at', text],
  ],
}

const TOKEN_GRANT: Shape = {
  fields: [
    ['access_token', required(text)],
    ['refresh_token', text],
    ['expires_in', amount],
    ['user', nested(decodeUser)],
  ],
}

/**
 * The answer to a sign-in or a renewal (section 2). An empty `refresh_token` counts as missing: the old one stays good.
 * Throws `not_protocol`.
 */
export const decodeTokenGrant: Decoder<TokenGrant> = (value, at = 'token answer') => {
  const grant = decodeShape(TOKEN_GRANT, value, at)
  if (grant.access_token === '') throw mismatch(`${at}.access_token`, 'is empty')
  if (grant.refresh_token !== '') return grant as unknown as TokenGrant
  const {refresh_token: _empty, ...rest} = grant
  return rest as unknown as TokenGrant
}

/** A room (section 4). Throws `not_protocol`. */
export const decodeRoom: Decoder<Room> = (value, at = 'room') => decodeShape(ROOM, value, at) as Room

/**
 * A message, from REST, from `room_history`, or the data of a `room_message`, `dm_message` or `message_sent` frame
 * (sections 4, 5 and 7): `message_id` becomes `id`, `parent_message_id` `parent_id`, reactions the list.
 * Throws `not_protocol`.
 */
export const decodeMessage: Decoder<Message> = (value, at = 'message') =>
  decodeShape(MESSAGE, value, at) as Message

/** A user, also from a list or a frame where its id is called `user_id` (section 7). Throws `not_protocol`. */
export function decodeUser(value: unknown, at = 'user'): User {
  return decodeShape(USER, value, at) as User
}

/** A member of a room (section 4). Throws `not_protocol`. */
export const decodeMember: Decoder<Member> = (value, at = 'member') =>
  decodeShape(MEMBER, value, at) as Member

/** A conversation, from REST or the data of a `dm_created` frame (sections 5 and 7). Throws `not_protocol`. */
export const decodeConversation: Decoder<Conversation> = (value, at = 'conversation') =>
  decodeShape(CONVERSATION, value, at) as Conversation

/** The answer to an upload (section 4). Throws `not_protocol`. */
export const decodeUploadedFile: Decoder<UploadedFile> = (value, at = 'file') =>
  decodeShape(UPLOADED_FILE, value, at) as UploadedFile

/**
 * A list in either dialect (section 7): an array, or `{[key]: array, has_more, total | total_count}`. An empty list may be
 * null. Without `has_more` a page of `limit` rows or more means that there are perhaps more. Throws `not_protocol`.
 */
export function decodePage<T>(data: unknown, key: string, decodeItem: Decoder<T>, limit: number): Page<T> {
  const wrapper = isJsonObject(data) ? data : {[key]: data}
  const list = wrapper[key] === null ? [] : wrapper[key]
  if (!Array.isArray(list)) throw mismatch(key, `should be a list, is ${kindOf(list)}`)
  const items = list.map((item, index) => decodeItem(item, `${key}[${index}]`))
  const total = wrapper.total ?? wrapper.total_count
  return {
    items,
    has_more: typeof wrapper.has_more === 'boolean' ? wrapper.has_more : items.length >= limit,
    ...(typeof total === 'number' ? {total} : {}),
  }
}
