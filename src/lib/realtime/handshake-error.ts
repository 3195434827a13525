import type {IncomingHttpHeaders} from 'node:http'
import type {ErrorCode} from '../errors/catalogue.js'
import {type ErrorDetails, VezaError} from '../errors/veza-error.js'

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
 * `not_protocol`, since a chat server would have switched protocols.
 */
export function handshakeRefusal(status: number, headers: IncomingHttpHeaders): VezaError {
  const requestId = headers['x-request-id']
  const details: ErrorDetails = {
    status,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    retryAfterMs: retryAfterMs(headers),
  }
  const known = REFUSALS[status]
  if (known !== undefined)
    return new VezaError(known.code, `${known.message} (${status})`, {...details, hint: known.hint})
  if (status >= 500)
    return new VezaError('server_error', `the WebSocket handshake failed (${status})`, details)
  const type = headers['content-type']?.split(';')[0]?.slice(0, 40) ?? 'no content type'
  return new VezaError('not_protocol', `the WebSocket handshake was answered with ${status} and ${type}`, {
    ...details,
    hint: 'check the server address and what stands before the server',
  })
}

/** Milliseconds of `Retry-After`. A date is counted from the answer's own `Date`: the clocks of two machines differ. */
function retryAfterMs(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['retry-after']
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  const waitMs = Date.parse(value) - Date.parse(headers.date ?? '')
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined
}

const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'check that the server is running and that its address and port are right',
  ENOTFOUND: 'check the name of the server',
  EAI_AGAIN: 'the name could not be looked up, check the network connection',
  ECONNRESET: 'the server or something on the way cut the connection',
  ETIMEDOUT: 'check the network connection and the address of the server',
  EHOSTUNREACH: 'check the network connection and the address of the server',
  ENETUNREACH: 'check the network connection',
}
const TLS_HINT = 'the certificate is not trusted; give its authority with --ca'

/** A code by which Node or OpenSSL says that a certificate is not accepted. */
const CERTIFICATE = /CERT|SIGNATURE|CA_|ALTNAME/

/** Codes with which an answer that is no HTTP, or a frame that is no WebSocket frame, is reported. */
const PROTOCOL = /^(HPE_|WS_ERR_)/

/**
 * The error for a connection that failed below the protocol: `unreachable` with what to check, or `not_protocol` when
 * the other side does not speak HTTP or WebSocket. ws marks a handshake that breaks the rules by an error without a code.
 */
export function connectionError(cause: unknown, url: string): VezaError {
  const code = errorCode(cause)
  const host = hostOf(url)
  if (code === undefined || PROTOCOL.test(code)) {
    const problem = code ?? (cause instanceof Error ? cause.message : 'a bad answer')
    return new VezaError('not_protocol', `${host} does not speak WebSocket as it should: ${problem}`, {cause})
  }
  const hint = HINTS[code] ?? (CERTIFICATE.test(code) ? TLS_HINT : undefined)
  return new VezaError('unreachable', `no connection to ${host}: ${code}`, {cause, hint})
}

/** The code of a system error; of several addresses tried in turn, that of the first. */
function errorCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof AggregateError ? errorCode(cause.errors[0]) : undefined
}

/** Host and port only: an address may hold a password. */
export function hostOf(url: string): string {
  return new URL(url).host
}
