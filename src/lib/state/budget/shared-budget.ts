import {setTimeout as sleep} from 'node:timers/promises'
import {VezaError} from '../../errors/veza-error.js'
import type {Line, Place, ServerWords} from './types.js'

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** A place where a line can be kept. */
export interface LinePlace {
  open(): Promise<Line>
  /** Told once, when the place cannot be used, or no longer. */
  onFailure?(error: unknown): void
}

/** What a budget is made of. */
export interface BudgetOptions {
  /** The best place first; the last one must not fail. */
  readonly places: readonly LinePlace[]
  /** Told before each wait, and why the server refused the message before, if it did. */
  readonly onWait?: (place: Place, reason: string | undefined) => void
  readonly sleep?: (delayMs: number, signal: AbortSignal | undefined) => Promise<unknown>
}

/**
 * The budget of messages that all senders of an account share. The line is opened with the first message; when the
 * place where it is kept fails, the budget goes on with the next one, so that a message is never held up by it.
 */
export class SharedBudget {
  readonly #options: BudgetOptions
  readonly #sleep: NonNullable<BudgetOptions['sleep']>
  readonly #places: LinePlace[]
  #line: Promise<Line> | undefined
  #serverLimit = 0

  constructor(options: BudgetOptions) {
    this.#options = options
    this.#places = [...options.places]
    this.#sleep = options.sleep ?? ((delayMs, signal) => sleep(delayMs, undefined, {signal}))
  }

  /**
   * Waits until one message may be sent, first come, first served. Resolves to how long that took, in milliseconds.
   * @param maxWaitMs the longest wait; a longer one is refused before it begins. Default: the longest a timer can count.
   * @param reason why the server refused the same message before.
   * @throws {VezaError} `rate_limited` when it is refused; the reason of `signal`, and then the place is given back.
   */
  async take(signal?: AbortSignal, maxWaitMs = LONGEST_TIMER_MS, reason?: string): Promise<number> {
    for (let waitedMs = 0; ; ) {
      signal?.throwIfAborted()
      const place = await this.#use(line => line.enter(maxWaitMs - waitedMs))
      this.#serverLimit = place.serverLimit
      if (!place.taken) throw tooLong(place)
      if (place.waitMs === 0) return waitedMs
      this.#options.onWait?.(place, reason)
      await this.#wait(place, signal)
      waitedMs += place.waitMs
      if ((await this.#use(line => line.stops())) === place.stops) return waitedMs
    }
  }

  /** Takes over what the server said of its limit with the answer to a message. Shared only where it is news. */
  async note(words: ServerWords): Promise<void> {
    const {limit = this.#serverLimit, waitMs = 0} = words
    if (limit === this.#serverLimit && waitMs === 0) return
    this.#serverLimit = limit
    await this.#use(line => line.note(words))
  }

  /** Gives back what the line is kept with. Never throws. */
  async close(): Promise<void> {
    const line = await this.#line?.catch(() => undefined)
    await line?.close().catch(() => undefined)
  }

  async #wait(place: Place, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#sleep(place.waitMs, signal)
    } catch (error) {
      await this.#use(line => line.leave(place))
      signal?.throwIfAborted()
      throw error
    }
  }

  /** Does something with the line, in the first place where that works. */
  async #use<T>(action: (line: Line) => Promise<T>): Promise<T> {
    for (;;) {
      const used = this.#places[0]
      if (used === undefined) throw new Error('there is no place for the line')
      try {
        this.#line ??= used.open()
        return await action(await this.#line)
      } catch (error) {
        // Of several callers that fail together only the first gives the place up.
        if (used !== this.#places[0]) continue
        if (this.#places.length === 1) throw error
        await this.#giveUp(used, error)
      }
    }
  }

  async #giveUp(place: LinePlace, error: unknown): Promise<void> {
    const line = this.#line
    this.#places.shift()
    this.#line = undefined
    place.onFailure?.(error)
    await (await line?.catch(() => undefined))?.close().catch(() => undefined)
  }
}

function tooLong({waitMs, limit}: Place): VezaError {
  const seconds = Math.ceil(waitMs / 1000)
  const what =
    limit === 0 ? 'the server takes no more messages' : `the rate limit (${limit} a minute) is used up`
  return new VezaError('rate_limited', `${what} for ${seconds} s, longer than --max-wait allows`, {
    retryAfterMs: Math.ceil(waitMs),
    hint: `try again in ${seconds} s, or allow a longer wait with --max-wait (VEZA_MAX_WAIT)`,
  })
}
