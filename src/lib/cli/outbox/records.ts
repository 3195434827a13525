import {faultOf} from '../../delivery/outbox/outbox-failure.js'
import type {Flushed} from '../../delivery/outbox/outbox-flush.js'
import type {OutboxEntry, Target} from '../../delivery/outbox/outbox-types.js'
import type {FlushedRecord, OutboxRecord} from '../../output/views/outbox-entry.js'

/** A waiting message, as it is shown. */
export function outboxRecord(entry: OutboxEntry, server: string): OutboxRecord {
  const {id, createdMs, target, message, owner, tries, refused, fault} = entry
  return {
    id,
    created_at: new Date(createdMs).toISOString(),
    ...destination(target),
    content: message.content,
    parent_id: message.parentId,
    metadata: message.metadata,
    ...names(entry),
    server,
    account: owner.username ?? owner.userId,
    state: refused ? 'refused' : 'waiting',
    tries,
    last_error: fault,
  }
}

/** What a flush made of a message, as it is shown. */
export function flushedRecord(flushed: Flushed): FlushedRecord {
  const {entry, outcome} = flushed
  const receipt = 'receipt' in flushed ? flushed.receipt : undefined
  return {
    outbox_id: entry.id,
    outcome,
    id: receipt?.message?.id ?? receipt?.messageId,
    ...destination(entry.target),
    content: entry.message.content,
    client_id: receipt?.clientId ?? entry.message.clientId,
    error: 'error' in flushed ? faultOf(flushed.error) : undefined,
  }
}

/** By what a waiting message is known again. */
export function names({message: {clientId, key, upsertKey}}: Pick<OutboxEntry, 'message'>) {
  return {client_id: clientId, idempotency_key: key, upsert_key: upsertKey}
}

function destination(target: Target): {room: string | number} | {user: string | number} {
  const given = 'id' in target ? target.id : target.name
  return target.kind === 'room' ? {room: given} : {user: given}
}
