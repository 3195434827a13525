/** Time and chance, so that tests hold both. */
export interface Timers {
  /** Milliseconds of a clock that never goes backwards. */
  now(): number
  /** At least 0, less than 1. */
  random(): number
  /** Calls once after `delayMs`; what it returns cancels the call. */
  setTimer(callback: () => void, delayMs: number): () => void
}

/** The real ones. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  random: () => Math.random(),
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Section 1 of the contract: a ping each 30 s. */
export const PING_INTERVAL_MS = 30_000
/** Section 1 of the contract: a socket without any frame or pong for 60 s is dead. */
export const SILENCE_MS = 60_000

/** What a heartbeat acts on. */
export interface HeartbeatOptions {
  readonly timers: Timers
  readonly pingIntervalMs: number
  /** The longest time without a sign of life. */
  readonly silenceMs: number
  readonly ping: () => void
  /** Called once, after the longest silence. */
  readonly dead: () => void
}

/**
 * Keeps one socket honest: sends pings and calls `dead` when nothing at all has come for too long. While we hold
 * the socket back ourselves (`pause`) pings go on, silence is not counted. Holds no timer after `stop` or `dead`.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  #lastLife = 0
  #paused = false
  #cancelPing: (() => void) | undefined
  #cancelSilence: (() => void) | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** Starts both clocks. The first ping comes at a random part of the interval, so that clients do not ping in step. */
  start(): void {
    this.#lastLife = this.#options.timers.now()
    this.#pingIn(this.#options.pingIntervalMs * this.#options.timers.random())
    this.#checkIn(this.#options.silenceMs)
  }

  /** A frame or a pong has come. */
  life(): void {
    this.#lastLife = this.#options.timers.now()
  }

  /** Nothing is read on purpose from now on: silence says nothing. */
  pause(): void {
    this.#paused = true
  }

  /** Reading goes on: silence counts from now. */
  resume(): void {
    this.#paused = false
    this.life()
  }

  /** Ends both clocks. */
  stop(): void {
    this.#cancelPing?.()
    this.#cancelSilence?.()
  }

  #pingIn(delayMs: number): void {
    this.#cancelPing = this.#options.timers.setTimer(() => {
      this.#pingIn(this.#options.pingIntervalMs)
      this.#options.ping()
    }, delayMs)
  }

  // One timer that looks at the clock when it fires, instead of one that each frame of a flood would have to reset.
  #checkIn(delayMs: number): void {
    this.#cancelSilence = this.#options.timers.setTimer(() => this.#check(), delayMs)
  }

  #check(): void {
    if (this.#paused) this.life()
    const leftMs = this.#options.silenceMs - (this.#options.timers.now() - this.#lastLife)
    if (leftMs > 0) {
      this.#checkIn(leftMs)
      return
    }
    this.stop()
    this.#options.dead()
  }
}
