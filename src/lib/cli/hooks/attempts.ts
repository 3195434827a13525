import type {Sleep} from './limits.js'
import type {HookOutcome} from './run-hook.js'

const FIRST_DELAY_MS = 1000
/** However many retries somebody asks for. */
const LONGEST_DELAY_MS = 60_000

/** How a hook is tried again. */
export interface AttemptsOptions {
  /** Tries after the first. */
  readonly retries: number
  /** Aborted: no further try begins. */
  readonly signal: AbortSignal
  readonly sleep: Sleep
  /** At least 0, less than 1. */
  readonly random: () => number
  /** Told before each wait for another try. */
  readonly onRetry: (about: {
    readonly reason: string
    readonly next: number
    readonly delayMs: number
  }) => void
}

/** How a hook ended after all its tries; `stopped`: there were to be more. */
export type AttemptsOutcome =
  | {readonly type: 'done' | 'stopped'}
  | {readonly type: 'failed'; readonly reason: string; readonly attempts: number}

/** Runs a hook until it ends well, cannot, or has had all its tries. The delays grow from 1 s, with full jitter. */
export async function runAttempts(
  once: () => Promise<HookOutcome>,
  {retries, signal, sleep, random, onRetry}: AttemptsOptions,
): Promise<AttemptsOutcome> {
  for (let attempts = 1; !signal.aborted; attempts++) {
    const outcome = await once()
    if (outcome.type !== 'failed') return outcome
    const {reason, isFinal} = outcome
    if (isFinal || attempts > retries) return {type: 'failed', reason, attempts}
    if (signal.aborted) break
    const delayMs = retryDelayMs(attempts, random())
    onRetry({reason, next: attempts + 1, delayMs})
    await sleep(delayMs, signal).catch(() => undefined)
  }
  return {type: 'stopped'}
}

/** The wait after the nth failed try. @param chance at least 0, less than 1. */
export function retryDelayMs(attempts: number, chance: number): number {
  return chance * Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS)
}
