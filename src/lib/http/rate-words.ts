import {httpDateMs} from './retry-after.js'
import type {RateWords} from './types.js'

/** Below this a reset is no moment since 1970 but a number of seconds from now; some servers send that. */
const FIRST_MOMENT_S = 1_000_000_000

/**
 * What an answer to a message says of the server's limit (section 3 of the contract): `X-RateLimit-Limit`, and how long
 * nothing more is taken: `retryAfterMs` after a refusal, else until `X-RateLimit-Reset` where `X-RateLimit-Remaining` is
 * 0. The reset is by the server's own clock where it tells that.
 */
export function rateWords(
  headers: Readonly<Record<string, string>>,
  {refused, retryAfterMs, nowMs}: RateContext,
): RateWords {
  const limit = wholeNumber(headers['x-ratelimit-limit'])
  const isUsedUp = refused || wholeNumber(headers['x-ratelimit-remaining']) === 0
  const waitMs = isUsedUp ? (retryAfterMs ?? untilReset(headers, nowMs)) : undefined
  // A refusal by a proxy in front says nothing of the server's limit.
  return {limit: refused ? limit : (limit ?? 0), waitMs}
}

/** What is known of the answer beside its headers. */
export interface RateContext {
  /** It is a 429. */
  readonly refused: boolean
  readonly retryAfterMs?: number | undefined
  readonly nowMs: number
}

function untilReset(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const seconds = wholeNumber(headers['x-ratelimit-reset'])
  if (seconds === undefined) return undefined
  if (seconds < FIRST_MOMENT_S) return seconds * 1000
  return Math.max(0, seconds * 1000 - (httpDateMs(headers.date) ?? nowMs))
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined
}
