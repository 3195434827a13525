import type {Redis} from '../state/redis/client.js'

/** A stream may vanish, or have its group moved, and nobody is told: so often it is looked at in any case. */
const BLOCK_MS = 1000

interface Waiting {
  readonly lastId: string
  readonly resolve: () => void
}

/** Tells of new entries in several streams over the one connection that may wait. */
export class Arrivals {
  readonly #redis: Pick<Redis, 'call'>
  readonly #sleep: (delayMs: number) => Promise<unknown>
  readonly #waiting = new Map<string, Waiting>()
  #isAsking = false

  /** @param sleep waits after a failure; rejects when nobody waits any more. */
  constructor(redis: Pick<Redis, 'call'>, sleep: (delayMs: number) => Promise<unknown>) {
    this.#redis = redis
    this.#sleep = sleep
  }

  /** Resolves once there may be something behind that id, within seconds in any case, or when the signal is aborted. Never rejects. */
  wait(stream: string, lastId: string, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const over = (): void => {
        signal.removeEventListener('abort', over)
        resolve()
      }
      signal.addEventListener('abort', over)
      if (signal.aborted) return over()
      this.#waiting.set(stream, {lastId, resolve: over})
      if (!this.#isAsking) void this.#ask()
    })
  }

  /** Reads nothing that would change hands: who has the lease takes the entries, by a script that asks for it. */
  async #ask(): Promise<void> {
    this.#isAsking = true
    while (this.#waiting.size > 0) {
      const asked = [...this.#waiting]
      const streams = asked.map(([stream]) => stream)
      const ids = asked.map(([, {lastId}]) => lastId)
      const command = ['XREAD', 'COUNT', 1, 'BLOCK', BLOCK_MS, 'STREAMS', ...streams, ...ids]
      try {
        await this.#redis.call(command, {blockMs: BLOCK_MS})
      } catch {
        // Whoever waits calls Redis next, and tells of it.
        await this.#sleep(BLOCK_MS).catch(() => undefined)
      }
      for (const [stream, waiting] of asked) {
        if (this.#waiting.get(stream) === waiting) this.#waiting.delete(stream)
        waiting.resolve()
      }
    }
    this.#isAsking = false
  }
}
