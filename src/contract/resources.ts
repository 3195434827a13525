/**
 * The resources of the Veza chat API, as this project speaks of them: the first name of each row in section 7 of
 * the contract, whichever dialect a server speaks. Only types: the client and the sandbox share these and nothing else.
 * Fields the contract does not name are kept, hence the index signatures.
 */

/** Fields a server sends beyond those the contract names. They are passed on untouched. */
export interface UnknownFields {
  readonly [field: string]: unknown
}

/** Section 4, room. `member_count` and what follows it are sent by the reference dialect only. */
export interface Room extends UnknownFields {
  readonly id: number
  readonly uuid?: string
  readonly name: string
  readonly description?: string | null
  readonly is_public?: boolean
  readonly owner_id?: number
  readonly created_at?: string
  readonly updated_at?: string
  readonly member_count?: number
  readonly max_members?: number | null
  readonly unread_count?: number
  readonly last_activity?: string | null
}

/** One emoji under a message: how often, and by whom. */
export interface Reaction {
  readonly emoji: string
  readonly count: number
  readonly users: readonly ReactionUser[]
}

/** Who reacted; either field may be missing. */
export interface ReactionUser extends UnknownFields {
  readonly id?: number
  readonly username?: string
}

/** Section 4, message. In a frame it also carries `room_id` and `room_name`, or `conversation_id`. */
export interface Message extends UnknownFields {
  readonly id: number
  readonly uuid?: string
  readonly author_id?: number
  readonly username?: string
  readonly content: string
  readonly parent_id?: number | null
  readonly thread_count?: number
  readonly is_pinned?: boolean
  readonly is_edited?: boolean
  readonly reactions?: readonly Reaction[]
  readonly metadata?: Readonly<Record<string, unknown>> | null
  readonly created_at?: string
  readonly updated_at?: string
  readonly room_id?: number
  readonly room_name?: string
  readonly conversation_id?: number
}

/** Section 2 and 4, user. */
export interface User extends UnknownFields {
  readonly id: number
  readonly username: string
  readonly role?: string
  readonly email?: string
  readonly status_message?: string | null
}

/** Section 4, member of a room: a user with a role there. */
export interface Member extends UnknownFields {
  readonly id: number
  readonly username: string
  readonly role?: string
  readonly joined_at?: string
  readonly is_online?: boolean
  readonly last_seen?: string | null
}

/** Section 4, conversation: two users and their direct messages. */
export interface Conversation extends UnknownFields {
  readonly conversation_id: number
  readonly uuid?: string
  readonly other_user?: User
  readonly unread_count?: number
  readonly is_blocked?: boolean
}

/** Section 4, the answer to an upload. `original_filename` and what follows it are sent by the reference dialect only. */
export interface UploadedFile extends UnknownFields {
  readonly file_id: number
  readonly filename: string
  readonly url: string
  readonly size: number
  readonly original_filename?: string
  readonly mime_type?: string
  readonly thumbnail_url?: string | null
  readonly uploaded_at?: string
}

/** Section 2, the answer to a sign-in or a renewal. `user` and `refresh_token` may be missing in a renewal. */
export interface TokenGrant {
  readonly access_token: string
  readonly refresh_token?: string
  /** Seconds. */
  readonly expires_in?: number
  readonly user?: User
}

/** One page of a list. `has_more` is the server's word, or a guess from a full page where it says nothing. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly has_more: boolean
  readonly total?: number
}

/** Section 5, a WebSocket frame. */
export interface Frame {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Section 4, the answer to `GET /messages/{id}/reactions`. */
export interface ReactionList extends UnknownFields {
  readonly message_id?: number
  /** How often anybody has reacted, over all emoji. */
  readonly total_reactions?: number
  readonly reactions: readonly Reaction[]
}

/** Section 4, one of those who wrote most in a room. */
export interface Contributor extends UnknownFields {
  readonly id?: number
  readonly username?: string
  readonly message_count?: number
}

/** Section 4, the hour in which most was written in a room. */
export interface PeakActivity extends UnknownFields {
  /** A day, `2026-11-22`. */
  readonly date?: string
  /** 0 to 23. */
  readonly hour?: number
  readonly message_count?: number
}

/** Section 4, what happened in a room in a period. */
export interface RoomStats extends UnknownFields {
  readonly message_count?: number
  readonly active_users?: number
  readonly new_members?: number
  readonly pinned_messages?: number
  readonly reactions_count?: number
  /** Null where nothing was written. */
  readonly peak_activity?: PeakActivity | null
  readonly top_contributors?: readonly Contributor[]
}

/** Section 4, what somebody who manages a room has done there. */
export interface AuditEntry extends UnknownFields {
  readonly id: number
  readonly action: string
  /** Whatever the server keeps of it, an object or text. */
  readonly details?: unknown
  /** Whom it was done to. */
  readonly user_id?: number | null
  /** Who did it. */
  readonly moderator_id?: number | null
  readonly ip_address?: string | null
  readonly created_at?: string
}

/** Section 4, the server as a whole. The contract names none of its fields. */
export interface ServerStats extends UnknownFields {}

/** Section 4, webhook. Its secret is never part of it, also where a server sends it. */
export interface Webhook extends UnknownFields {
  readonly id: number
  readonly url: string
  readonly events?: readonly string[]
  /** Null for all rooms. */
  readonly room_id?: number | null
  readonly created_at?: string
}

/** Section 4, the answer to a test of a webhook. The contract names none of its fields. */
export interface WebhookTest extends UnknownFields {
  readonly webhook_id: number
  /** Whether the receiver took it, where the server says so. */
  readonly delivered?: boolean
  /** The receiver's HTTP status; null where none came. */
  readonly status_code?: number | null
}

/** Section 4, what a webhook's receiver gets. */
export interface WebhookDelivery extends UnknownFields {
  readonly event: string
  readonly data?: unknown
}

/** Section 5, `user_presence`. */
export interface Presence extends UnknownFields {
  readonly user_id?: number
  readonly username?: string
  readonly status?: string
  readonly message?: string | null
  readonly last_seen?: string | null
  readonly current_room?: unknown
}
