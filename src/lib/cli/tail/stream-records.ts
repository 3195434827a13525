import type {Frame} from '../../../contract/resources.js'
import type {ErrorCode} from '../../errors/catalogue.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Channel} from '../../realtime/channel.js'
import type {Cause, FeedCounters, FeedEvent} from '../../realtime/feed/feed-types.js'

/**
 * The version of all records that are no message. A change that would break a reader makes it the next one; new fields and
 * new events do not.
 */
const VERSION = 1

/** A record of `--events` or `--types`: what is no message has `event` and `v`, times are RFC 3339 in UTC. */
export interface StreamRecord {
  readonly event: string
  readonly v: number
  readonly at: string
  readonly [field: string]: unknown
}

/** Why a tail ended: it was to end so, or an error ended it. */
export type EndReason = 'count' | 'idle' | 'until' | ErrorCode

/** The last record of a stream. */
export interface StreamEnd {
  readonly reason: EndReason
  /** The path of the file that knows where to go on. */
  readonly cursor: string | undefined
  /** Messages and server events that came out. */
  readonly printed: number
  readonly counters: FeedCounters
}

/** The record of what happened to the feed; undefined for what is told on stderr only. */
export function feedRecord(event: FeedEvent, at: Date): StreamRecord | undefined {
  if (event.type === 'reconnecting' || event.type === 'warning') return undefined
  return record(event.type, at, eventFields(event))
}

/** What a record or a log says of what happened to the feed. */
export function eventFields(event: FeedEvent): Readonly<Record<string, unknown>> {
  if (event.type === 'ready') return {rooms: event.channels.map(positionOf)}
  if (event.type === 'disconnected') return reasonFields(event)
  if (event.type === 'reconnecting') {
    return {attempt: event.attempt, delay_ms: Math.round(event.delayMs), ...reasonFields(event)}
  }
  if (event.type === 'reconnected') return {down_ms: Math.round(event.downMs)}
  if (event.type === 'gap_filled') {
    const {channel, from, to, count} = event
    return {...placeFields(channel), from, to, count}
  }
  if (event.type === 'unfollowed') return {...placeFields(event.channel), ...reasonFields(event)}
  return event.type === 'lagged' ? {count: event.count, total: event.total} : {}
}

/** The record right before a message that the server never broadcast. */
export function lateRecord(channel: Channel, id: number, at: Date): StreamRecord {
  return record('late', at, {...placeFields(channel), id})
}

/** Any other event of the server (section 5 of the contract), its data as it came. */
export function serverRecord({type, data}: Frame, at: Date): StreamRecord & Pick<Frame, 'data'> {
  return {...record(type, at, {}), data}
}

/** The record of the end. */
export function endRecord({reason, cursor, printed, counters}: StreamEnd, at: Date): StreamRecord {
  const {delivered, duplicates, reconnects, gapFilled, late, dropped} = counters
  const counts = {printed, delivered, duplicates, reconnects, gap_filled: gapFilled, late, dropped}
  return record('end', at, {reason, cursor, counts})
}

function record(event: string, at: Date, fields: Readonly<Record<string, unknown>>): StreamRecord {
  return {event, v: VERSION, at: at.toISOString(), ...fields}
}

function positionOf({channel, lastId}: {readonly channel: Channel; readonly lastId: number}) {
  return {...placeFields(channel), last_id: lastId}
}

/** Named as in a message. */
function placeFields({kind, id}: Channel): Readonly<Record<string, number>> {
  return kind === 'room' ? {room_id: id} : {conversation_id: id}
}

function reasonFields({error, closeCode}: Cause): Readonly<Record<string, unknown>> {
  const {code, message} =
    error instanceof VezaError ? error : {code: 'unreachable', message: 'the connection broke'}
  return {reason: code, message, close_code: closeCode}
}
