import {moment} from './moment.js'
import type {Column, View} from './view.js'

/** Why a message from the outbox was not sent. */
export interface FaultRecord {
  readonly code: string
  readonly message: string
}

/** A message in the outbox. */
export interface OutboxRecord {
  readonly id: number
  /** RFC 3339. */
  readonly created_at: string
  readonly room?: string | number
  readonly user?: string | number
  readonly content: string
  readonly parent_id?: number | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly client_id?: string | undefined
  readonly idempotency_key?: string | undefined
  readonly upsert_key?: string | undefined
  readonly server: string
  /** Who sends it, as far as it was known without the server. */
  readonly account?: string | number | undefined
  readonly state: 'waiting' | 'refused'
  readonly tries: number
  readonly last_error?: FaultRecord | undefined
}

/** A message that was put into the outbox. */
export interface QueuedMessage {
  readonly outcome: 'queued'
  readonly outbox_id: number
  readonly client_id?: string | undefined
  readonly idempotency_key?: string | undefined
  readonly upsert_key?: string | undefined
  readonly content: string
  /** Why it was not sent, where that was tried. */
  readonly error?: FaultRecord | undefined
}

/** What a flush made of a message. */
export interface FlushedRecord {
  readonly outbox_id: number
  readonly outcome: 'created' | 'duplicate' | 'updated' | 'waiting' | 'refused' | 'held'
  /** Of the message at the server. */
  readonly id?: number | undefined
  readonly client_id?: string | undefined
  readonly room?: string | number
  readonly user?: string | number
  readonly content: string
  readonly error?: FaultRecord | undefined
}

const to: Column<Pick<OutboxRecord, 'room' | 'user'>> = {
  header: 'to',
  value: ({room, user}) => (typeof room === 'string' ? `#${room}` : (room ?? `@${user}`)),
}
const content: Column<Pick<OutboxRecord, 'content'>> = {header: 'content', value: record => record.content}

/** A message in the outbox; one that was refused says so. */
export const outboxEntryView: View<OutboxRecord> = {
  columns: [
    {header: 'id', value: ({id}) => id},
    {header: 'age', value: ({created_at}, context) => moment(created_at, context)},
    to,
    {header: 'account', value: ({account}) => account},
    content,
    {header: 'tries', value: ({tries}) => tries},
    {
      header: 'last error',
      value: ({state, last_error}) =>
        state === 'refused' ? `refused: ${last_error?.message}` : last_error?.message,
      paint: (text, style, {state}) => (state === 'refused' ? style.yellow(text) : text),
    },
  ],
}

/** A message that was put into the outbox. */
export const queuedMessageView: View<QueuedMessage> = {
  columns: [
    {header: 'outcome', value: ({outcome}) => outcome},
    {header: 'outbox id', value: ({outbox_id}) => outbox_id},
  ],
}

/** What a flush made of a message: one line each. */
export const flushedView: View<FlushedRecord> = {
  columns: [
    {header: 'outbox id', value: ({outbox_id}) => outbox_id},
    {header: 'outcome', value: ({outcome}) => outcome},
    to,
    {header: 'message', value: ({id}) => id},
    content,
    {header: 'error', value: ({error}) => error?.message},
  ],
}
