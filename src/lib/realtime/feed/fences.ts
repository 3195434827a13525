import type {FeedEffects} from './feed-types.js'
import {nap} from './nap.js'

/** A server that does not answer pings is waited for so long. */
const PATIENCE_MS = 5_000

/** What fences need of a connection. */
export interface FenceOptions {
  readonly ping: (payload: string) => void
  /** Whether the connection is not read at the moment, so that no pong can come. */
  readonly isPaused: () => boolean
  readonly effects: FeedEffects
  /** The end of the connection. */
  readonly signal: AbortSignal
}

/**
 * Pings whose pongs tell that all frames sent before have been received: servers answer in order. A server that answers
 * none is waited for 5 s.
 */
export class Fences {
  readonly #options: FenceOptions
  readonly #waiting = new Map<string, () => void>()
  #count = 0

  constructor(options: FenceOptions) {
    this.#options = options
  }

  /** Resolves when all that the server had sent until now has been received, or at the end of the connection. */
  async pass(): Promise<void> {
    const {ping, isPaused, effects, signal} = this.#options
    this.#count += 1
    const payload = `fence ${this.#count}`
    let isOpen = false
    let wake = (): void => {}
    this.#waiting.set(payload, () => {
      isOpen = true
      wake()
    })
    ping(payload)
    do {
      const pause = nap(effects, PATIENCE_MS, signal)
      wake = pause.wake
      await pause.done
    } while (!isOpen && isPaused() && !signal.aborted)
    this.#waiting.delete(payload)
  }

  /** A pong has come. */
  pong(payload: string): void {
    this.#waiting.get(payload)?.()
  }
}
