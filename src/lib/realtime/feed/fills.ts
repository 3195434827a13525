import {VezaError} from '../../errors/veza-error.js'
import {nextBackoff} from '../reconnect/backoff.js'
import type {Link} from './links.js'
import {nap} from './nap.js'
import {canPass} from './refusals.js'
import {fill, type Gap, type SyncContext} from './sync.js'

/** So many channels are filled at once: a server allows a user some 100 requests a minute (section 3). */
const FILLS_AT_ONCE = 4
/** Ceiling of the random part of a pause. What the server asks for may be longer. */
const PAUSE_AT_MOST_MS = 30_000
/** Where history could not be read once, so many pauses are tried before that counts as a failed connection. */
const FIRST_PAUSES = 2

/** Who is told of fills. */
export interface FillListener {
  filled(link: Link, gap: Gap | undefined): void
  /** History could not be read now; the channel is filled after a pause, which begins now or is under way already. */
  postponed(link: Link, error: unknown, pauseMs: number | undefined): void
  /** It cannot be filled. */
  failed(link: Link, error: unknown): void
}

/**
 * Fills channels from history, a few at a time. What fails and can pass is tried again after a pause of all fills, as long
 * as the server asks for, else growing with full jitter; the channels that are filled stay live meanwhile.
 */
export class Fills {
  readonly #sync: SyncContext
  readonly #listener: FillListener
  readonly #waiting: Link[] = []
  /** Those that are being filled, and whether history has to be read once more before they are live. */
  readonly #running = new Map<Link, boolean>()
  #idle: (() => void)[] = []
  /** Whether history could be read before, on this connection or an earlier one. */
  #hasWorked: boolean
  #isPausing = false
  #pauses = 0
  #ceilingMs: number | undefined

  constructor(sync: SyncContext, listener: FillListener, hasWorked: boolean) {
    this.#sync = sync
    this.#listener = listener
    this.#hasWorked = hasWorked
  }

  /** Holds a channel's live messages and fills it; one that is being filled is filled once more. */
  begin(link: Link): void {
    link.timeline.hold()
    if (this.#running.has(link)) this.#running.set(link, true)
    else if (!this.#waiting.includes(link)) this.#waiting.push(link)
    this.#next()
  }

  /** Whether a channel waits for its fill or is being filled. */
  isBusy(link: Link): boolean {
    return this.#running.has(link) || this.#waiting.includes(link)
  }

  /** Resolves when nothing is being filled. */
  async idle(): Promise<void> {
    if (this.#running.size > 0) await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  #next(): void {
    while (this.#running.size < FILLS_AT_ONCE && !this.#isPausing) {
      const link = this.#waiting.shift()
      if (link === undefined) break
      if (link.dropped) continue
      this.#running.set(link, false)
      link.timeline.hold()
      void this.#run(link)
    }
    if (this.#running.size > 0) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  async #run(link: Link): Promise<void> {
    try {
      await link.comparing
      const gap = await fill(link.timeline, {...this.#sync, signal: link.signal}, () => this.#again(link))
      this.#running.delete(link)
      this.#worked()
      if (!link.dropped) this.#onFilled(link, gap)
    } catch (error) {
      this.#running.delete(link)
      if (!link.dropped) this.#onError(link, error)
    }
    this.#next()
  }

  #again(link: Link): boolean {
    const again = this.#running.get(link) === true
    this.#running.set(link, false)
    return again
  }

  #onFilled(link: Link, gap: Gap | undefined): void {
    link.live = true
    this.#listener.filled(link, gap)
  }

  #worked(): void {
    this.#hasWorked = true
    this.#pauses = 0
    this.#ceilingMs = undefined
  }

  #onError(link: Link, error: unknown): void {
    if (this.#sync.signal.aborted) return
    const isHopeless = !this.#hasWorked && !this.#isPausing && this.#pauses >= FIRST_PAUSES
    if (isHopeless || !canPass(error)) {
      this.#listener.failed(link, error)
      return
    }
    link.live = false
    link.timeline.postpone()
    this.#waiting.push(link)
    const pauseMs = this.#isPausing ? undefined : this.#nextPauseMs(error)
    if (pauseMs !== undefined) void this.#pause(pauseMs)
    this.#listener.postponed(link, error, pauseMs)
  }

  #nextPauseMs(error: unknown): number {
    this.#pauses += 1
    const {delayMs, ceilingMs} = nextBackoff({
      previousCeilingMs: this.#ceilingMs,
      absentMs: undefined,
      retryAfterMs: error instanceof VezaError ? error.retryAfterMs : undefined,
      random: this.#sync.effects.random(),
    })
    this.#ceilingMs = Math.min(ceilingMs, PAUSE_AT_MOST_MS / 2)
    return delayMs
  }

  async #pause(pauseMs: number): Promise<void> {
    const {effects, signal} = this.#sync
    this.#isPausing = true
    await nap(effects, pauseMs, signal).done
    this.#isPausing = false
    if (!signal.aborted) this.#next()
  }
}
