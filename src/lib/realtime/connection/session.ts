import type {Frame} from '../../../contract/resources.js'
import type {ErrorCode} from '../../errors/catalogue.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Connection} from './connection.js'
import {encodeFrame} from './frames.js'

/**
 * Sends `authenticate` and every `join_room` in one go and a ping right behind them (section 5 of the contract). Nothing
 * is waited for, since a server may acknowledge nothing. Servers handle frames in order, so the pong to that ping, which
 * repeats `ping`, says that the joins have been seen, where no acknowledgement says it better. Without a token, as with an
 * API key or on a connection that is authenticated already, only the rooms are joined.
 */
export function join(
  connection: Connection,
  {token, roomIds, ping}: {token?: string | undefined; roomIds: readonly number[]; ping: string},
): void {
  const authenticate = token === undefined ? [] : [encodeFrame('authenticate', {token})]
  connection.send(...authenticate, ...roomIds.map(id => encodeFrame('join_room', {room_id: id})))
  connection.ping(ping)
}

/** Leaves rooms (section 5 of the contract); no server answers that. */
export function leave(connection: Connection, roomIds: readonly number[]): void {
  connection.send(...roomIds.map(id => encodeFrame('leave_room', {room_id: id})))
}

/** Errors that end a session whenever they come: they speak of the account, not of one request. */
const SESSION_REFUSALS: ReadonlyMap<string, ErrorCode> = new Map([
  ['INVALID_TOKEN', 'signed_out'],
  ['TOKEN_EXPIRED', 'signed_out'],
  ['UNAUTHORIZED', 'signed_out'],
  ['AUTH_REQUIRED', 'signed_out'],
])

/** Errors that answer `join_room`, or take the room away later. */
const ROOM_REFUSALS: ReadonlyMap<string, ErrorCode> = new Map([
  ['ROOM_NOT_FOUND', 'not_found'],
  ['PERMISSION_DENIED', 'forbidden'],
])

/** Whether a room is one of those that are followed. */
export type Follows = (roomId: number) => boolean

/**
 * The error by which a frame ends a session in the rooms that it `follows`, or undefined if it does not (sections 3 and 5):
 * - `auth_error`: `signed_out`, or `rate_limited` when it says RATE_LIMIT_EXCEEDED or how long to wait
 * - `error` about the token: `signed_out`
 * - `error` ROOM_NOT_FOUND: `not_found`, PERMISSION_DENIED: `forbidden`, unless its details name another room
 * - `error` RATE_LIMIT_EXCEEDED, as long as `joined` is false: `rate_limited`, since then it was a join that failed
 */
export function refusalOf(frame: Frame, follows: Follows, joined: boolean): VezaError | undefined {
  if (frame.type !== 'auth_error' && frame.type !== 'error') return undefined
  const serverCode = typeof frame.data.code === 'string' ? frame.data.code : ''
  const limited = serverCode === 'RATE_LIMIT_EXCEEDED'
  if (frame.type === 'auth_error') {
    const wait = limited || waitMs(frame) !== undefined
    return refusal(wait ? 'rate_limited' : 'signed_out', frame, serverCode)
  }
  if (limited) return joined ? undefined : refusal('rate_limited', frame, serverCode)
  const code =
    SESSION_REFUSALS.get(serverCode) ?? (isOurs(frame, follows) ? ROOM_REFUSALS.get(serverCode) : undefined)
  return code === undefined ? undefined : refusal(code, frame, serverCode)
}

/** What a frame of the type `error` says, for a warning. */
export function problemOf(frame: Frame): string {
  const {code, message} = frame.data
  return [code, message].filter(part => typeof part === 'string').join(': ') || 'an error without a code'
}

const MEANING: Partial<Record<ErrorCode, {message: string; hint?: string}>> = {
  signed_out: {message: 'the server does not accept the token of this session', hint: 'sign in again'},
  rate_limited: {message: 'the server asks to come back later'},
  not_found: {message: 'there is no such room', hint: 'see the rooms with: veza rooms list'},
  forbidden: {message: 'this account may not read the room'},
}

function refusal(code: ErrorCode, frame: Frame, serverCode: string): VezaError {
  const {message = 'the server refused', hint} = MEANING[code] ?? {}
  return new VezaError(code, `${message} (${problemOf(frame)})`, {
    hint,
    serverCode: serverCode === '' ? undefined : serverCode,
    retryAfterMs: waitMs(frame),
  })
}

/** `retry_after` of a frame, seconds there, in its data or its details. */
function waitMs({data}: Frame): number | undefined {
  const seconds = data.retry_after ?? detailsOf(data).retry_after
  return typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds) ? seconds * 1000 : undefined
}

/** The room that an `error` frame names, in its data or its details. */
export function roomOf({data}: Frame): number | undefined {
  const named = data.room_id ?? detailsOf(data).room_id
  return named === undefined || named === null ? undefined : Number(named)
}

function isOurs(frame: Frame, follows: Follows): boolean {
  const named = roomOf(frame)
  return named === undefined || follows(named)
}

function detailsOf(data: Frame['data']): Readonly<Record<string, unknown>> {
  const {details} = data
  return typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {}
}
