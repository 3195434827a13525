import {VezaError} from '../../errors/veza-error.js'
import type {FeedEffects, FeedEvent} from '../feed/feed-types.js'
import {nextBackoff} from './backoff.js'
import type {Ending} from './reconnect.js'

/** Failed attempts in a row before the server has been live once, where nothing else is said: three in all. */
const FIRST_RECONNECTS = 2
/** A session that the server took and that stood so long has got somewhere, whatever ended it. */
const LASTING_MS = 30_000
/**
 * So many sessions in a row that the server took, and that ended before they were live with what is not the protocol (a
 * frame or a history above our limits, HTML in its place): with the delays between them some ten minutes. The next one
 * would end the same way, and only a person can change that.
 */
const STUCK_AFTER = 10
/**
 * So many tokens in a row, each newer than the last, may be refused once the server has been live: its clock may have jumped, or
 * all sessions of an account were ended twice. Before that one is enough to know that a person has to sign in.
 */
const RENEWALS_ONCE_LIVE = 5

/** How an attempt ended, and what the server had shown until then. */
export interface SessionEnd extends Ending {
  /** The server took the token: a frame has come that only a live session gets, or it stood for 30 s. */
  readonly proven: boolean
  /** The channels were live: joined, and history read. */
  readonly live: boolean
}

/** What happens around the connection. */
export type ConnectionEvent = Extract<FeedEvent, {type: 'disconnected' | 'reconnecting'}>

/** What the supervisor needs. */
export interface SuperviseOptions {
  /** One attempt, from the token to the end of the connection. `tokenRefused`: the last token is not accepted. */
  readonly attempt: (about: {readonly tokenRefused: boolean}) => Promise<SessionEnd>
  /** Failed attempts in a row. Default without end, but as long as the server has not been live at all `firstReconnects`. */
  readonly maxReconnects?: number | undefined
  /** Default 2. */
  readonly firstReconnects?: number | undefined
  /** First ceiling and longest delay: as in `nextBackoff`. */
  readonly firstDelayMs?: number | undefined
  readonly maxDelayMs?: number | undefined
  readonly effects: FeedEffects
  readonly signal: AbortSignal
  readonly onEvent: (event: ConnectionEvent) => void
}

/** Runs attempt after attempt until the signal is aborted, then returns, or until an end is final: that is thrown. */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const {attempt, effects, signal, onEvent} = options
  const failures = new Failures(options)
  while (!signal.aborted) {
    const startedAt = effects.now()
    const end = await attempt({tokenRefused: failures.tokenRefused})
    if (signal.aborted) return
    const cause = {error: end.error, ...(end.closeCode === undefined ? {} : {closeCode: end.closeCode})}
    if (end.live) onEvent({type: 'disconnected', ...cause})
    const next = failures.note(end, effects.now() - startedAt)
    if (next === undefined) throw end.error
    onEvent({type: 'reconnecting', ...next, ...cause})
    if (next.delayMs > 0) await effects.sleep(next.delayMs, signal).catch(throwUnless(signal))
  }
}

function throwUnless(signal: AbortSignal): (error: unknown) => void {
  return error => {
    if (!signal.aborted) throw error
  }
}

interface Next {
  readonly attempt: number
  readonly delayMs: number
}

/** Counts failures since the last live session, and says whether there is another attempt, and when. */
class Failures {
  readonly #options: SuperviseOptions
  #count = 0
  #stuck = 0
  #ceilingMs: number | undefined
  #lostAt: number | undefined
  #everLive = false
  #renewals = 0
  #renewedAt = Number.NEGATIVE_INFINITY

  constructor(options: SuperviseOptions) {
    this.#options = options
  }

  /** Whether the token was refused since the last live session. */
  get tokenRefused(): boolean {
    return this.#renewals > 0
  }

  /** The next attempt, or undefined when this end is final. `stoodMs`: from the attempt's begin to its end. */
  note(end: SessionEnd, stoodMs: number): Next | undefined {
    if (hasProgressed(end, stoodMs)) this.#reset()
    if (end.proven) this.#renewals = 0
    this.#everLive ||= end.proven || end.live
    this.#lostAt ??= this.#options.effects.now()
    this.#count += 1
    this.#stuck = end.proven && !end.live && end.policy === 'unless_proven' ? this.#stuck + 1 : 0
    if (end.policy === 'renew') return this.#renew(end)
    if (this.#count > this.#limit || !this.#mayRetry(end)) return undefined
    return {attempt: this.#count, delayMs: this.#delayMs(end)}
  }

  get #limit(): number {
    const {maxReconnects, firstReconnects = FIRST_RECONNECTS} = this.#options
    return maxReconnects ?? (this.#everLive ? Number.POSITIVE_INFINITY : firstReconnects)
  }

  #delayMs(end: SessionEnd): number {
    const {effects, firstDelayMs, maxDelayMs} = this.#options
    const retryAfterMs = end.error instanceof VezaError ? end.error.retryAfterMs : undefined
    const {delayMs, ceilingMs} = nextBackoff({
      previousCeilingMs: this.#ceilingMs,
      absentMs: isAbsent(end) ? effects.now() - (this.#lostAt ?? effects.now()) : undefined,
      retryAfterMs,
      random: effects.random(),
      firstMs: firstDelayMs,
      capMs: maxDelayMs,
    })
    this.#ceilingMs = ceilingMs
    return delayMs
  }

  /**
   * Whatever the limit: an expired token is no failure of the server. It stays refused until a session is proven. At
   * once, but for a server that refuses one new token after the other, or each soon after it took it.
   */
  #renew(end: SessionEnd): Next | undefined {
    if (this.#renewals >= (this.#everLive ? RENEWALS_ONCE_LIVE : 1)) return undefined
    this.#renewals += 1
    const now = this.#options.effects.now()
    const isAgain = now - this.#renewedAt < LASTING_MS
    this.#renewedAt = now
    return {attempt: this.#count, delayMs: isAgain ? this.#delayMs(end) : 0}
  }

  #mayRetry({policy, closeCode, proven}: SessionEnd): boolean {
    if (policy === 'retry') return true
    if (policy !== 'unless_proven' || this.#stuck >= STUCK_AFTER) return false
    // A close code speaks of this one session; a strange answer to the handshake, of the server's address.
    return closeCode === undefined ? this.#everLive : proven
  }

  #reset(): void {
    this.#count = 0
    this.#ceilingMs = undefined
    this.#lostAt = undefined
  }
}

/**
 * Whether a session was live in a way that lets the counting begin again: the server took the token, and the session was
 * live or lasted. One that ended soon with what is not the protocol does not count: it may well be the same each time.
 */
function hasProgressed({proven, live, policy}: SessionEnd, stoodMs: number): boolean {
  return proven && (stoodMs >= LASTING_MS || (live && policy !== 'unless_proven'))
}

/** What a proxy answers while there is no server behind it. */
const NO_SERVER_BEHIND: ReadonlySet<number | undefined> = new Set([502, 503, 504])

/**
 * Whether no server answered at all: a close code, another status or a `Retry-After` come from one that lives. A proxy's 502
 * during a restart costs it as little as a refused connection.
 */
function isAbsent({error, closeCode}: SessionEnd): boolean {
  if (!(error instanceof VezaError) || closeCode !== undefined || error.retryAfterMs !== undefined)
    return false
  if (error.code === 'server_error') return NO_SERVER_BEHIND.has(error.status)
  return error.code === 'unreachable' && error.status === undefined
}
