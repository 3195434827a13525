import type {ErrorCode} from '../errors/catalogue.js'
import {VezaError} from '../errors/veza-error.js'
import type {Closure} from './connection.js'

/**
 * First delay. The guide starts at 5 s, which makes each blip of a network a gap of seconds for whoever reads along,
 * while most of these are over within one. With doubling the ceiling passes the guide's 5 s at the fourth attempt, so a
 * server that stays away sees three more attempts in all, and with full jitter not all clients at once.
 */
const FIRST_DELAY_MS = 1_000
/** Longest delay, section 1 of the contract. */
const MAX_DELAY_MS = 300_000

/** What the next delay follows from. */
export interface DelayInput {
  /** 1 for the first attempt after a live session, then 2 and so on. */
  readonly attempt: number
  /** At least 0, less than 1. */
  readonly random: number
  /** What the server asked for. */
  readonly retryAfterMs?: number | undefined
  /** Default 1 s. */
  readonly firstMs?: number
  /** Default 5 minutes. */
  readonly capMs?: number
}

/**
 * How long to wait before the next attempt, in milliseconds: full jitter, so a random part of a ceiling that doubles with
 * each attempt (section 1). What the server asked for is added to, so that all whom it sent away do not return at once.
 * Never above the cap: to ask a server after 5 minutes, though it said an hour, costs it one refusal.
 */
export function nextDelayMs(input: DelayInput): number {
  const {attempt, random, retryAfterMs = 0, firstMs = FIRST_DELAY_MS, capMs = MAX_DELAY_MS} = input
  const ceiling = Math.min(capMs, firstMs * 2 ** (attempt - 1))
  return Math.min(capMs, retryAfterMs + random * ceiling)
}

/**
 * What an end means for the next attempt:
 * - `retry`: try again after a delay.
 * - `renew`: try once more, at once, with a new token; final when that is refused too.
 * - `unless_proven`: final, but for a server that has shown that it can do better, which is tried again.
 * - `final`: trying again cannot help.
 */
export type Policy = 'retry' | 'renew' | 'unless_proven' | 'final'

/** The policy for each error of the catalogue. */
const ERROR_POLICIES: Readonly<Record<ErrorCode, Policy>> = {
  // Nothing is known about it, so nothing says that a repeat would end otherwise.
  failed: 'final',
  // 5xx: a restart, a deployment, an overload. It passes.
  server_error: 'retry',
  // The same arguments, settings and files give the same error.
  usage: 'final',
  config: 'final',
  file_unreadable: 'final',
  file_too_large: 'final',
  // The same input is refused again.
  refused: 'final',
  // Access tokens live 15 minutes: a new one is likely all it takes. If not, a person has to sign in.
  signed_out: 'renew',
  // It says itself when it is over.
  rate_limited: 'retry',
  // Networks and servers come back.
  unreachable: 'retry',
  // A wrong address at the start; later the maintenance page of a proxy, or one broken frame.
  not_protocol: 'unless_proven',
  // The room does not exist, or exists no more.
  not_found: 'final',
  // Blocked, until a person changes that.
  conflict: 'final',
  // Not for this account, until a person changes that.
  forbidden: 'final',
  // A bug of ours is never retried.
  bug: 'final',
  // The user's own limit.
  timeout: 'final',
  interrupted: 'final',
  terminated: 'final',
}

interface CloseRule {
  readonly code: ErrorCode
  readonly policy: Policy
  readonly meaning: string
}

/** Close codes of RFC 6455, of the IANA registry, and of the habit to put an HTTP status behind 4000. */
const CLOSE_RULES: Readonly<Record<number, CloseRule>> = {
  // Servers say it when they shut down or tidy up. The tail was not asked to end, so it does not.
  1000: {code: 'unreachable', policy: 'retry', meaning: 'closed normally'},
  // A restart, a deployment.
  1001: {code: 'unreachable', policy: 'retry', meaning: 'going away'},
  // It does not understand our frames, and the next attempt sends the same ones. After a good start: a fluke.
  1002: {code: 'not_protocol', policy: 'unless_proven', meaning: 'protocol error'},
  // It does not take text frames: then it is no chat server. After a good start: a fluke.
  1003: {code: 'not_protocol', policy: 'unless_proven', meaning: 'unsupported data'},
  // Closed without a word.
  1005: {code: 'unreachable', policy: 'retry', meaning: 'closed without a code'},
  // No closing handshake at all: a cut cable, a crash, a killed process.
  1006: {code: 'unreachable', policy: 'retry', meaning: 'connection lost'},
  // Our bytes are no UTF-8: they are, so something on the way breaks them; not always, if it worked before.
  1007: {code: 'not_protocol', policy: 'unless_proven', meaning: 'invalid payload'},
  // Mostly a refused or expired token, or a ban. After a good start a new token may do; at the start it is a no.
  1008: {code: 'forbidden', policy: 'unless_proven', meaning: 'policy violation'},
  // Our first frames are too large for it and will be again; later, a proxy's limit on what the server sent.
  1009: {code: 'not_protocol', policy: 'unless_proven', meaning: 'message too big'},
  // Meant for clients; a server that sends it misses an extension that we never offer.
  1010: {code: 'not_protocol', policy: 'final', meaning: 'extension missing'},
  // An exception in the server, about this connection or not.
  1011: {code: 'server_error', policy: 'retry', meaning: 'internal error'},
  1012: {code: 'unreachable', policy: 'retry', meaning: 'service restart'},
  // Overload. The delays grow.
  1013: {code: 'server_error', policy: 'retry', meaning: 'try again later'},
  // A proxy lost its server.
  1014: {code: 'server_error', policy: 'retry', meaning: 'bad gateway'},
  // Never on the wire; some proxies invent it for a broken TLS session.
  1015: {code: 'unreachable', policy: 'unless_proven', meaning: 'TLS failure'},
  // Registered: unauthorized.
  3000: {code: 'signed_out', policy: 'renew', meaning: 'unauthorized'},
  // Registered: forbidden.
  3003: {code: 'forbidden', policy: 'final', meaning: 'forbidden'},
  // Registered: timeout.
  3008: {code: 'unreachable', policy: 'retry', meaning: 'timeout'},
  4401: {code: 'signed_out', policy: 'renew', meaning: 'unauthorized'},
  4403: {code: 'forbidden', policy: 'final', meaning: 'forbidden'},
  4404: {code: 'not_found', policy: 'final', meaning: 'not found'},
  4429: {code: 'rate_limited', policy: 'retry', meaning: 'rate limited'},
}

/**
 * Any other code: the contract names none, so its meaning is the server's secret. To retry costs little, since delays
 * grow and the first connection has few attempts; to give up would end a tail over a code that means "restart".
 */
const UNKNOWN_CLOSE: CloseRule = {code: 'unreachable', policy: 'retry', meaning: 'closed'}

/** An end: what happened, and what it means for the next attempt. */
export interface Ending {
  /** A `VezaError`, or whatever else was thrown: that is a bug and final. */
  readonly error: unknown
  readonly policy: Policy
  /** Where the server closed the connection, its code. */
  readonly closeCode?: number
}

/** The end that an error is. */
export function endingOfError(error: unknown): Ending {
  return {error, policy: error instanceof VezaError ? ERROR_POLICIES[error.code] : 'final'}
}

/** The end that a closed connection is. What our side knows about it counts more than the code. */
export function endingOfClosure(closure: Closure): Ending {
  if (closure.error !== undefined) return endingOfError(closure.error)
  const {code, policy, meaning} = CLOSE_RULES[closure.code] ?? UNKNOWN_CLOSE
  const words = closure.reason === '' ? '' : `: ${closure.reason}`
  const message = `the server closed the connection (${closure.code} ${meaning})${words}`
  return {error: new VezaError(code, message), policy, closeCode: closure.code}
}
