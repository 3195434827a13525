/** How one try of a request ended, as far as repeating it is concerned. */
export type Outcome =
  /** No answer: `sent` unless it is certain that the server saw nothing; `permanent` where a second try must fail as well. */
  | {readonly kind: 'no_answer'; readonly sent: boolean; readonly permanent: boolean}
  | {readonly kind: 'answer'; readonly status: number; readonly retryAfterMs?: number | undefined}
  /** A 2xx whose body broke off. */
  | {readonly kind: 'truncated'}

/** The bounds of repeating. */
export interface RetryLimits {
  /** Repeats after the first try. */
  readonly retries: number
  /** The longest wait a server may ask for. */
  readonly maxWaitMs: number
  /** Ceiling of the first delay. Default: 500. */
  readonly firstDelayMs?: number | undefined
  /** Ceiling of all. Default: 5 minutes. */
  readonly maxDelayMs?: number | undefined
}

const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 5 * 60_000
const PASSING_FAILURES: ReadonlySet<number> = new Set([500, 502, 503, 504])

/**
 * Whether and when a request is tried again: the delay in milliseconds, or undefined to give up. Repeats what is safe
 * only: anything that was not executed (never sent, 429), the rest only if it is `repeatable`. Full jitter below
 * the first delay doubled with each attempt, at most the longest one, and never earlier than the server asked for.
 * `attempt` is the number of the try that just ended, from 1. Pure: `random` is a number from 0 up to 1.
 */
export function retryDelayMs(
  attempt: number,
  repeatable: boolean,
  outcome: Outcome,
  limits: RetryLimits,
  random: number,
): number | undefined {
  if (attempt > limits.retries || !mayRepeat(outcome, repeatable)) return undefined
  const askedMs = outcome.kind === 'answer' ? (outcome.retryAfterMs ?? 0) : 0
  if (askedMs > limits.maxWaitMs) return undefined
  const {firstDelayMs = FIRST_DELAY_MS, maxDelayMs = MAX_DELAY_MS} = limits
  const ceilingMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1))
  return Math.max(askedMs, Math.floor(random * ceilingMs))
}

/** Whether the server may have executed a request that ended so. Pure. */
export function mayHaveActed(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'no_answer':
      return outcome.sent
    case 'truncated':
      return true
    case 'answer':
      return isDoubtful(outcome.status)
  }
}

/** Answers that say for certain that nothing was done, though they are 5xx. */
const NOT_DONE: ReadonlySet<number> = new Set([501, 505])

/** A 2xx counts here that could not be read; 520 to 524 are a proxy's, for a server that took the request and did not answer. */
function isDoubtful(status: number): boolean {
  return (status >= 500 && !NOT_DONE.has(status)) || status === 408 || (status >= 200 && status < 300)
}

function mayRepeat(outcome: Outcome, repeatable: boolean): boolean {
  switch (outcome.kind) {
    case 'no_answer':
      return !outcome.permanent && (repeatable || !outcome.sent)
    case 'truncated':
      return repeatable
    case 'answer':
      return outcome.status === 429 || (repeatable && PASSING_FAILURES.has(outcome.status))
  }
}
