import type {ErrorCode} from '../../errors/catalogue.js'
import {VezaError} from '../../errors/veza-error.js'

const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 60_000

/** Clock and chance for waiting, so that tests hold both. */
export interface PersistOptions {
  /** Waits; rejects when the bot has to end. */
  readonly sleep: (delayMs: number) => Promise<void>
  /** At least 0, less than 1. */
  readonly random: () => number
  /** Told before each wait. */
  readonly onWait: (error: VezaError, delayMs: number) => void
}

/** A server that fails so often over one call, and says that it is its own fault, goes on doing so. */
const TRIES_OF_500 = 10
/** A proxy's page in the place of an answer passes, too. */
const PASSING: readonly ErrorCode[] = ['not_protocol']

/**
 * Does something until it is done, however long the server is away: a bot may be late, but must not give up what it owes.
 * Throws at once what another try cannot mend, and after ten tries what the server fails over with 500: one call that it
 * cannot execute must not keep all behind it waiting.
 */
export async function persist<T>(work: () => Promise<T>, options: PersistOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof VezaError) || !passes(error, attempt)) throw error
      const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1))
      const delayMs = Math.max(error.retryAfterMs ?? 0, ceilingMs * (0.5 + options.random() / 2))
      options.onWait(error, delayMs)
      await options.sleep(delayMs)
    }
  }
}

function passes({code, retryable, status}: VezaError, attempt: number): boolean {
  if (status === 500) return attempt < TRIES_OF_500
  return (retryable && code !== 'timeout') || PASSING.includes(code)
}
