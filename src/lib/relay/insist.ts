import {isPassing} from '../state/redis/errors.js'

/** The first delay is up to so long, */
const FIRST_MS = 100
/** the longest. Redis itself is looked for each few seconds by its client. */
const LONGEST_MS = 2_000

/** What it takes to insist. */
export interface Insistence {
  readonly effects: {
    /** At least 0, less than 1. */
    random(): number
    /** Waits; an abort of the signal ends it at once, with an error or without. */
    sleep(delayMs: number, signal: AbortSignal): Promise<void>
  }
  /** Ends all trying. */
  readonly signal: AbortSignal
  /** A try has failed that is made again. */
  readonly onTrouble: (error: unknown) => void
}

/**
 * Does something with Redis again and again while Redis is away or full, with delays that grow to 2 s, each a random part.
 * Undefined when the signal has ended it. Throws what does not pass.
 */
export async function insist<T>(
  work: () => Promise<T>,
  {effects, signal, onTrouble}: Insistence,
): Promise<T | undefined> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error)) throw error
      onTrouble(error)
      const ceilingMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** tries)
      await effects.sleep(((1 + effects.random()) / 2) * ceilingMs, signal).catch(() => undefined)
    }
  }
  return undefined
}
