import type {Timers} from '../../realtime/connection/heartbeat.js'

/** The longest time a timer can count. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** An end that time brings. */
export type TimedEnd = 'idle' | 'until' | 'timeout'

/** When time ends a stream, and how. */
export interface EndClockOptions {
  readonly timers: Timers
  /** Nothing came out for so long while the stream was live. */
  readonly idleMs?: number | undefined
  /** It is later than this, in milliseconds since 1970. */
  readonly untilMs?: number | undefined
  /** The server's clock, in milliseconds since 1970. */
  readonly serverNow: () => number
  /** So long after the beginning, live or not. */
  readonly timeoutMs?: number | undefined
  /** Asks history for what the server did not send: only what is known to be complete may end. Never rejects. */
  readonly confirm: () => Promise<void>
  /** Called once. */
  readonly end: (reason: TimedEnd) => void
}

/**
 * Ends a stream by time. That nothing came, or that all until a moment came, can only be said of a live stream, and only
 * once history says so too: while the connection is down these two wait for it.
 */
export class EndClock {
  readonly #options: EndClockOptions
  readonly #timers = new Map<TimedEnd, () => void>()
  #live = false
  #waiting = false
  #lastOutputMs = 0
  #ended = false

  constructor(options: EndClockOptions) {
    this.#options = options
    if (options.timeoutMs !== undefined) this.#arm('timeout', options.timeoutMs, () => this.#end('timeout'))
  }

  /** The stream is live from now on. */
  live(): void {
    this.#live = true
    this.output()
    this.#armUntil()
    if (this.#options.idleMs !== undefined) this.#armIdle(this.#options.idleMs)
  }

  /** The stream is not live any more. */
  down(): void {
    this.#live = false
    this.#cancel('idle')
    this.#cancel('until')
  }

  /** Something came out. */
  output(): void {
    this.#lastOutputMs = this.#options.timers.now()
  }

  /** Whether the reader waits for the stream; while the stream waits for the reader, nothing is idle. */
  set waiting(waiting: boolean) {
    this.#waiting = waiting
  }

  /** Drops every timer. */
  stop(): void {
    this.#ended = true
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
  }

  #armUntil(): void {
    const {untilMs, serverNow} = this.#options
    if (untilMs === undefined) return
    const leftMs = Math.max(0, untilMs - serverNow())
    this.#arm('until', leftMs, () => (untilMs > serverNow() ? this.#armUntil() : this.#ask('until')))
  }

  #armIdle(idleMs: number, delayMs = idleMs): void {
    this.#arm('idle', delayMs, () => {
      const leftMs = this.#waiting ? this.#idleLeftMs(idleMs) : idleMs
      if (leftMs > 0) this.#armIdle(idleMs, leftMs)
      else this.#ask('idle')
    })
  }

  #idleLeftMs(idleMs: number): number {
    return this.#lastOutputMs + idleMs - this.#options.timers.now()
  }

  /** The connection may break meanwhile: then all begins anew with the next one. */
  async #ask(reason: 'idle' | 'until'): Promise<void> {
    const {confirm, idleMs = 0} = this.#options
    const outputMs = this.#lastOutputMs
    await confirm()
    if (!this.#live) return
    if (reason === 'until' || this.#lastOutputMs === outputMs) this.#end(reason)
    else this.#armIdle(idleMs)
  }

  #arm(name: TimedEnd, delayMs: number, action: () => void): void {
    this.#cancel(name)
    if (this.#ended) return
    const run = (): void => {
      this.#timers.delete(name)
      action()
    }
    this.#timers.set(name, this.#options.timers.setTimer(run, Math.min(delayMs, LONGEST_TIMER_MS)))
  }

  #cancel(name: TimedEnd): void {
    this.#timers.get(name)?.()
    this.#timers.delete(name)
  }

  #end(reason: TimedEnd): void {
    if (this.#ended) return
    this.stop()
    this.#options.end(reason)
  }
}
