/** A signal that fires when time is up or another signal fires. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Whether it fired because time was up. */
  readonly expired: boolean
  /** Starts the time anew: something moved. */
  touch(): void
  /** Fires it at once. */
  abort(): void
  /** Releases the timer and the listeners. Always to be called. */
  release(): void
}

/**
 * Fires `limitMs` after the start or the last `touch`, or with the first of `signals`. When time is up while `isExcused`
 * says that the wait is nobody's fault, it starts anew.
 */
export function createDeadline(
  limitMs: number,
  signals: readonly (AbortSignal | undefined)[],
  isExcused: () => boolean = () => false,
): Deadline {
  const controller = new AbortController()
  let expired = false
  const timer = setTimeout(() => {
    if (isExcused()) return void timer.refresh()
    expired = true
    controller.abort()
  }, limitMs)
  const abort = (): void => controller.abort()
  for (const signal of signals) {
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
  }
  return {
    signal: controller.signal,
    get expired() {
      return expired
    },
    abort,
    touch: () => {
      if (!expired) timer.refresh()
    },
    release: () => {
      clearTimeout(timer)
      for (const signal of signals) signal?.removeEventListener('abort', abort)
    },
  }
}
