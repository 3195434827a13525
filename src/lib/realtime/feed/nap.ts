import type {FeedEffects} from './feed-types.js'

/** A wait that can be cut short. */
export interface Nap {
  /** Resolves when the time has passed, the signal is aborted or `wake` was called. */
  readonly done: Promise<void>
  wake(): void
}

/** Begins to wait. Leaves no listener at the signal. */
export function nap({sleep}: Pick<FeedEffects, 'sleep'>, delayMs: number, signal: AbortSignal): Nap {
  const abort = new AbortController()
  const wake = (): void => abort.abort()
  signal.addEventListener('abort', wake, {once: true})
  if (signal.aborted) wake()
  const end = (error?: unknown): void => {
    signal.removeEventListener('abort', wake)
    if (error !== undefined && !abort.signal.aborted) throw error
  }
  return {done: sleep(delayMs, abort.signal).then(() => end(), end), wake}
}
