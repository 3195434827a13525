import type {IncomingHttpHeaders} from 'node:http'
import type {ErrorCode} from '../../errors/catalogue.js'
import {type ErrorDetails, VezaError} from '../../errors/veza-error.js'
import {networkFailure, systemCode} from '../../http/network-error.js'
import {printable} from '../../http/printable.js'
import {retryAfterMs} from '../../http/retry-after.js'

/** Frames above are not read: the connection ends. What the API sends is a thousandth of it. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024

const REFUSALS: Readonly<Record<number, {code: ErrorCode; message: string; hint?: string}>> = {
  401: {
    code: 'signed_out',
    message: 'the server does not accept this session for its WebSocket',
    hint: 'sign in again',
  },
  403: {code: 'forbidden', message: 'this account may not use the WebSocket of the server'},
  404: {
    code: 'not_protocol',
    message: 'there is no WebSocket at this address',
    hint: 'check the server address',
  },
  407: {
    code: 'unreachable',
    message: 'the proxy wants a user name and a password',
    hint: 'put them into HTTPS_PROXY or HTTP_PROXY: http://name:password@host:port',
  },
  429: {code: 'rate_limited', message: 'the server takes no more connections for now'},
}

/**
 * The error for a WebSocket handshake that was answered by an ordinary HTTP answer (section 3 of the contract, the same
 * meaning of a status as in REST): 401 `signed_out`, 403 `forbidden`, 429 `rate_limited`, 5xx `server_error`, all else
 * `not_protocol`, since a chat server would have switched protocols. `nowMs`: milliseconds since the epoch.
 */
export function handshakeRefusal(status: number, received: IncomingHttpHeaders, nowMs: number): VezaError {
  const headers = single(received)
  const requestId = headers['x-request-id']
  const details: ErrorDetails = {
    status,
    requestId: requestId === undefined ? undefined : printable(requestId, 100),
    retryAfterMs: retryAfterMs(headers, undefined, nowMs),
  }
  const known = REFUSALS[status]
  if (known !== undefined)
    return new VezaError(known.code, `${known.message} (${status})`, {...details, hint: known.hint})
  if (status >= 500)
    return new VezaError('server_error', `the WebSocket handshake failed (${status})`, details)
  const type = headers['content-type']?.split(';')[0] ?? 'no content type'
  const answer = `${status} and ${printable(type, 40)}`
  return new VezaError('not_protocol', `the WebSocket handshake was answered with ${answer}`, {
    ...details,
    hint: 'check the server address and what stands before the server',
  })
}

/** Headers with one value each: of those that are read here none is sent twice. */
function single(headers: IncomingHttpHeaders): Record<string, string> {
  const pairs = Object.entries(headers)
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

/** Codes with which an answer that is no HTTP, or a frame that is no WebSocket frame, is reported. */
const PROTOCOL = /^(HPE_|WS_ERR_)/

/**
 * The error for a connection that failed below the protocol: `unreachable` with what to check, as for a REST call, or
 * `not_protocol` when the other side does not speak HTTP or WebSocket. ws marks a handshake that breaks the rules by an
 * error without a code, and a frame above `maxPayload` by one of its own.
 */
export function connectionError(cause: Error, url: string): VezaError {
  const {host, origin} = new URL(url)
  const code = systemCode(cause)
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
    return new VezaError('not_protocol', `${host} sent a frame above ${MAX_FRAME_BYTES / 1024 / 1024} MiB`, {
      cause,
    })
  if (code !== undefined && !PROTOCOL.test(code)) return networkFailure(cause, origin).error
  const problem = printable(code ?? cause.message, 200)
  return new VezaError('not_protocol', `${host} does not speak WebSocket as it should: ${problem}`, {cause})
}
