import type {SandboxError} from './errors.js'
import type {ConversationView} from './store/conversations.js'
import type {FileRow} from './store/files.js'
import type {MemberRow} from './store/members.js'
import type {MessageRow} from './store/messages.js'
import type {ReactionRow} from './store/reactions.js'
import type {RoomView} from './store/rooms.js'

/** The two columns of section 7. This is the only module that knows how they differ. */
export type DialectName = 'guide' | 'reference'

/** Where a message is shown: in an answer, in a frame of its own, or in the list of a frame. */
export type Shown = 'rest' | 'event' | 'history'

interface ListPage {
  readonly total?: number
  readonly total_count?: number
  readonly has_more?: boolean
}

export type Shape = Readonly<Record<string, unknown>>

export interface Dialect {
  /** Whether `auth_success`, `auth_error`, `room_joined` and `message_sent` are sent. */
  readonly acknowledges: boolean
  /** Whether a second message with the same `metadata.client_id` is dropped. */
  readonly dropsRepeats: boolean
  /** Whether `after_id`, `include_threads` and `pinned_only` are obeyed. */
  readonly filtersMessages: boolean
  /** Whether a download can begin in the middle of a file, and says what the file hashes to. */
  readonly servesRanges: boolean
  /** The status of an answer without data. */
  readonly emptyStatus: 200 | 204
  /** The whole body of a login or refresh answer. */
  grant(grant: Shape): Shape
  failure(error: SandboxError, at: string, requestId: string): Shape
  list(name: string, rows: readonly unknown[], page: ListPage): unknown
  room(room: RoomView): Shape
  member(member: MemberRow, isOnline: boolean): Shape
  message(message: MessageRow, reactions: readonly ReactionRow[], shown: Shown): Shape
  reactionList(messageId: number, reactions: readonly ReactionRow[]): Shape
  conversation(conversation: ConversationView, lastMessage: Shape | null | undefined, shown: Shown): Shape
  file(file: FileRow, url: string): Shape
}

const envelope = (data: unknown): Shape => ({success: true, data})

function commonMessage(message: MessageRow): Shape {
  return {
    uuid: message.uuid,
    author_id: message.author_id,
    username: message.username,
    content: message.content,
    thread_count: message.thread_count,
    is_pinned: message.is_pinned === 1,
    is_edited: message.edit_count > 0,
    metadata: JSON.parse(message.metadata),
    created_at: message.created_at,
    updated_at: message.updated_at,
  }
}

function commonRoom(room: RoomView): Shape {
  return {
    id: room.id,
    uuid: room.uuid,
    name: room.name,
    description: room.description,
    is_public: room.is_public === 1,
    owner_id: room.owner_id,
    created_at: room.created_at,
    updated_at: room.updated_at,
  }
}

function commonConversation(conversation: ConversationView, lastMessage: Shape | null | undefined): Shape {
  return {
    uuid: conversation.uuid,
    ...(lastMessage === undefined ? {} : {last_message: lastMessage}),
    unread_count: conversation.unread_count,
    is_blocked: conversation.user1_blocks === 1 || conversation.user2_blocks === 1,
    created_at: conversation.created_at,
    updated_at: conversation.updated_at,
  }
}

function commonMember(member: MemberRow, isOnline: boolean): Shape {
  return {
    username: member.username,
    role: member.role,
    joined_at: member.joined_at,
    is_online: isOnline,
    last_seen: member.last_seen,
  }
}

const failureFields = (error: SandboxError): Shape => ({
  code: error.code,
  message: error.message,
  details: error.details,
})

function byEmoji(reactions: readonly ReactionRow[]): Map<string, ReactionRow[]> {
  const groups = new Map<string, ReactionRow[]>()
  for (const reaction of reactions) {
    const group = groups.get(reaction.emoji)
    if (group) group.push(reaction)
    else groups.set(reaction.emoji, [reaction])
  }
  return groups
}

function guideReactions(reactions: readonly ReactionRow[]): Shape {
  const entries = [...byEmoji(reactions)].map(([emoji, rows]) => {
    return [emoji, rows.map(row => ({id: row.user_id, username: row.username}))] as const
  })
  return Object.fromEntries(entries)
}

function reactionGroups(reactions: readonly ReactionRow[]) {
  return [...byEmoji(reactions)].map(([emoji, rows]) => ({
    emoji,
    count: rows.length,
    users: rows.map(row => ({user_id: row.user_id, username: row.username})),
  }))
}

function referenceReactions(reactions: readonly ReactionRow[], shown: Shown): unknown {
  const groups = reactionGroups(reactions)
  if (shown !== 'rest') return groups
  return Object.fromEntries(groups.map(({emoji, count, users}) => [emoji, {count, users}]))
}

const guide: Dialect = {
  acknowledges: false,
  dropsRepeats: false,
  filtersMessages: false,
  servesRanges: false,
  emptyStatus: 200,
  grant: grant => grant,
  failure: error => ({success: false, error: failureFields(error)}),
  list: (_name, rows) => rows,
  room: commonRoom,
  member: (member, isOnline) => ({id: member.user_id, ...commonMember(member, isOnline)}),
  message: (message, reactions, shown) => ({
    id: message.id,
    ...commonMessage(message),
    ...placeOf(message, shown),
    parent_id: message.parent_id,
    reactions: guideReactions(reactions),
  }),
  reactionList: (messageId, reactions) => ({
    message_id: messageId,
    total_reactions: reactions.length,
    reactions: guideReactions(reactions),
  }),
  conversation: (conversation, lastMessage) => ({
    conversation_id: conversation.id,
    other_user: {id: conversation.other_id, username: conversation.other_username},
    ...commonConversation(conversation, lastMessage),
  }),
  file: (file, url) => ({file_id: file.id, filename: file.original_filename, url, size: file.size}),
}

const reference: Dialect = {
  acknowledges: true,
  dropsRepeats: true,
  filtersMessages: true,
  servesRanges: true,
  emptyStatus: 204,
  grant: envelope,
  failure: (error, at, requestId) => ({
    success: false,
    error: {...failureFields(error), timestamp: at, request_id: requestId},
  }),
  list: (name, rows, page) => ({[name]: rows, ...page}),
  room: room => ({
    ...commonRoom(room),
    member_count: room.member_count,
    max_members: room.max_members,
    unread_count: room.unread_count,
    last_activity: room.last_activity,
  }),
  member: (member, isOnline) => ({user_id: member.user_id, ...commonMember(member, isOnline)}),
  message: (message, reactions, shown) => ({
    [shown === 'event' ? 'message_id' : 'id']: message.id,
    ...commonMessage(message),
    ...placeOf(message, 'event'),
    [shown === 'rest' ? 'parent_message_id' : 'parent_id']: message.parent_id,
    reactions: referenceReactions(reactions, shown),
    edit_count: message.edit_count,
    mentions: JSON.parse(message.mentions),
  }),
  reactionList: (messageId, reactions) => ({
    message_id: messageId,
    total_reactions: reactions.length,
    reactions: reactionGroups(reactions),
  }),
  conversation: (conversation, lastMessage, shown) => ({
    [shown === 'rest' ? 'id' : 'conversation_id']: conversation.id,
    other_user: {user_id: conversation.other_id, username: conversation.other_username},
    ...commonConversation(conversation, lastMessage),
  }),
  file: (file, url) => ({
    file_id: file.id,
    filename: file.stored_name,
    url,
    size: file.size,
    original_filename: file.original_filename,
    mime_type: file.mime_type,
    thumbnail_url: null,
    uploaded_at: file.created_at,
  }),
}

// The guide's messages say where they belong in frames only.
function placeOf(message: MessageRow, shown: Shown): Shape {
  if (shown === 'rest') return {}
  if (message.room_id !== null) return {room_id: message.room_id}
  return {conversation_id: message.conversation_id}
}

export const DIALECTS: Record<DialectName, Dialect> = {guide, reference}
