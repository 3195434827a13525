import {VezaError} from '../errors/veza-error.js'
import {nextDelayMs} from './reconnect.js'
import type {SessionEnd} from './room-session.js'

/** Failed attempts in a row before the server has been live once, where nothing else is said: three in all. */
const FIRST_RECONNECTS = 2

/** Clock, chance and waiting, so that tests hold all three. */
export interface FeedEffects {
  /** Milliseconds of a clock that never goes backwards. */
  now(): number
  /** At least 0, less than 1. */
  random(): number
  /** Waits; an abort of the signal ends it at once, with an error or without. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

/** Why there is no connection. */
interface Cause {
  readonly error: unknown
  /** The server's close code, where it closed the connection. */
  readonly closeCode?: number
}

/** What happens around the connection. */
export type ConnectionEvent =
  /** What was live is so no more. */
  | ({readonly type: 'disconnected'} & Cause)
  /** The nth attempt since the last live session comes after a delay; the cause is what ended the one before it. */
  | ({readonly type: 'reconnecting'; readonly attempt: number; readonly delayMs: number} & Cause)

/** What the supervisor needs. */
export interface SuperviseOptions {
  /** One attempt, from the token to the end of the connection. `tokenRefused`: the last token is not accepted. */
  readonly attempt: (about: {readonly tokenRefused: boolean}) => Promise<SessionEnd>
  /** Failed attempts in a row. Default without end, but as long as the server has not been live at all `firstReconnects`. */
  readonly maxReconnects?: number | undefined
  /** Default 2. */
  readonly firstReconnects?: number | undefined
  /** As in `DelayInput`. */
  readonly firstDelayMs?: number | undefined
  readonly maxDelayMs?: number | undefined
  readonly effects: FeedEffects
  readonly signal: AbortSignal
  readonly onEvent: (event: ConnectionEvent) => void
}

/** Runs attempt after attempt until the signal is aborted, then returns, or until an end is final: that is thrown. */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const {attempt, effects, signal, onEvent, firstDelayMs: firstMs, maxDelayMs: capMs} = options
  const count = new FailureCount(options.maxReconnects, options.firstReconnects)
  while (!signal.aborted) {
    const end = await attempt({tokenRefused: count.tokenRefused})
    if (signal.aborted) return
    const cause = {error: end.error, ...(end.closeCode === undefined ? {} : {closeCode: end.closeCode})}
    if (end.live) onEvent({type: 'disconnected', ...cause})
    const again = count.note(end)
    if (again === undefined) throw end.error
    const delayMs = again.atOnce ? 0 : nextDelayMs({...again, firstMs, capMs, random: effects.random()})
    onEvent({type: 'reconnecting', attempt: again.attempt, delayMs, ...cause})
    if (delayMs > 0) await effects.sleep(delayMs, signal).catch(throwUnless(signal))
  }
}

function throwUnless(signal: AbortSignal): (error: unknown) => void {
  return error => {
    if (!signal.aborted) throw error
  }
}

/** Counts failures since the server has last shown a live session, and says whether there is another attempt. */
class FailureCount {
  readonly #max: number | undefined
  readonly #first: number
  #failures = 0
  #everLive = false
  #tokenRefused = false

  constructor(max: number | undefined, first = FIRST_RECONNECTS) {
    this.#max = max
    this.#first = first
  }

  /** Whether the token was refused since the last live session. */
  get tokenRefused(): boolean {
    return this.#tokenRefused
  }

  /** The next attempt, or undefined when this end is final. */
  note(end: SessionEnd): {attempt: number; atOnce: boolean; retryAfterMs?: number | undefined} | undefined {
    if (end.proven) this.#reset()
    this.#everLive ||= end.proven || end.live
    this.#failures += 1
    const limit = this.#max ?? (this.#everLive ? Number.POSITIVE_INFINITY : this.#first)
    if (end.policy === 'renew') return this.#renew()
    if (this.#failures > limit || !this.#mayRetry(end)) return undefined
    const retryAfterMs = end.error instanceof VezaError ? end.error.retryAfterMs : undefined
    return {attempt: this.#failures, atOnce: false, retryAfterMs}
  }

  /** Once, whatever the limit: an expired token is no failure of the server. It stays refused until a session is live. */
  #renew(): {attempt: number; atOnce: boolean} | undefined {
    if (this.#tokenRefused) return undefined
    this.#tokenRefused = true
    return {attempt: this.#failures, atOnce: true}
  }

  #mayRetry({policy, closeCode, proven}: SessionEnd): boolean {
    if (policy === 'retry') return true
    // A close code speaks of this one session; a strange answer to the handshake, of the server's address.
    if (policy === 'unless_proven') return closeCode === undefined ? this.#everLive : proven
    return false
  }

  #reset(): void {
    this.#failures = 0
    this.#tokenRefused = false
  }
}
