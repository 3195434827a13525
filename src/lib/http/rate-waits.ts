import {anySignal, throwIfAborted} from './abort.js'
import type {Settings, Try} from './attempt.js'
import {rateWords} from './rate-words.js'
import type {HttpAnswer, HttpRequest} from './types.js'

const MAX_WAIT_MS = 60_000
const MESSAGES = /^\/(rooms|conversations)\/[^/]+\/messages$/

/** What a request, with all its tries, has waited for rate limits, ours and the server's, and may still wait. */
export class RateWaits {
  readonly #settings: Settings
  readonly #signals: AbortSignal[]
  readonly #counts: boolean
  #waitedMs = 0
  #reason: string | undefined

  constructor(settings: Settings, request: HttpRequest) {
    this.#settings = settings
    this.#signals = [settings.signal, request.signal].filter(signal => signal !== undefined)
    this.#counts = isMessage(request)
  }

  /** How long a server may still ask to wait, in milliseconds. */
  get leftMs(): number {
    return Math.max(0, (this.#settings.maxWaitMs ?? MAX_WAIT_MS) - this.#waitedMs)
  }

  /** Before a try: waits for its place in the budget. Resolves to whether time has passed. */
  async place(): Promise<boolean> {
    const {budget} = this.#settings
    if (budget === undefined || !this.#counts) return false
    try {
      const waitedMs = await budget.take(anySignal(this.#signals), this.leftMs, this.#reason)
      this.#waitedMs += waitedMs
      return waitedMs > 0
    } catch (error) {
      throwIfAborted(...this.#signals)
      throw error
    }
  }

  /** After a try: the budget learns what the server said. */
  async learn(result: Try<Pick<HttpAnswer, 'headers'>>): Promise<void> {
    const {budget, effects} = this.#settings
    const headers = result.ok ? result.answer.headers : result.headers
    if (budget === undefined || !this.#counts || headers === undefined) return
    const refused = isRefusal(result)
    this.#reason = result.ok || !refused ? undefined : result.error.message
    if (!result.ok && !refused) return
    const retryAfterMs = result.ok ? undefined : result.error.retryAfterMs
    await budget.note(rateWords(headers, {refused, retryAfterMs, nowMs: effects.now()}))
  }

  /** Whether the budget itself holds the next try back for as long as the server asked after this one. */
  holdsBack(result: Try<unknown>): boolean {
    const isTold = !result.ok && result.error.retryAfterMs !== undefined
    return this.#settings.budget !== undefined && this.#counts && isTold && isRefusal(result)
  }

  /** Counts a wait that the server asked for, between two tries. */
  add(askedMs = 0): void {
    this.#waitedMs += askedMs
  }
}

/** Section 3 of the contract: the server counts new messages, in rooms and conversations together. */
function isMessage({method, path}: HttpRequest): boolean {
  return method === 'POST' && MESSAGES.test(path)
}

function isRefusal(result: Try<unknown>): boolean {
  return !result.ok && result.outcome.kind === 'answer' && result.outcome.status === 429
}
