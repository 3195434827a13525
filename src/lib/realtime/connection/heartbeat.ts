/** Time and chance, so that tests hold both. */
export interface Timers {
  /** Milliseconds of a clock that never goes backwards. On Linux it stands still while the machine is suspended. */
  now(): number
  /** Milliseconds since the epoch: goes on during a suspension, and jumps when it is set. */
  wallNow(): number
  /** At least 0, less than 1. */
  random(): number
  /** Calls once after `delayMs`; what it returns cancels the call. */
  setTimer(callback: () => void, delayMs: number): () => void
}

/** The real ones. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
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
/** A silent socket is given up so much earlier, so that a late timer does not make it more than that. */
const MARGIN_MS = 5_000
/** Of the time that a ping has for its answer, as the margin at most. */
const MARGIN_SHARE = 1 / 6
/** So often the clocks are looked at. */
const TICK_MS = 5_000
/** A tick that comes so much too late, by the wall's clock, means that the machine or this process did not run meanwhile. */
const ASLEEP_MS = 10_000
/** After a sleep a link has so long to show that it has survived: a ping is there and back in less on any link of use. */
const WAKE_MS = 10_000

/** What a heartbeat acts on. */
export interface HeartbeatOptions {
  readonly timers: Timers
  readonly pingIntervalMs: number
  /** Within so long a silence is noticed: it may last this long less the margin, a sixth of the time that a ping has for its answer, at most 5 s. */
  readonly silenceMs: number
  readonly ping: () => void
  /** Called once, with the milliseconds that the server had to show life and did not. */
  readonly dead: (silentMs: number) => void
}

/**
 * Keeps one socket honest: sends pings, and calls `dead` when no sign of life, be it a frame, a ping or a pong, has come
 * for too long.
 *
 * A ping needs no deadline of its own. The interval of 30 s and a silence of 55 s, so that it is noticed within 60 s, give
 * each ping 25 s for its answer: at the latest 30 s after the last sign of life a ping leaves, and 25 s later the link is
 * dead. A deadline of 25 s for a pong would end it at the same moment, and would also end a link that is busy, where the
 * pong waits behind other frames.
 *
 * After a sleep (a closed lid, a stopped process) the silence says nothing, because answers may wait unread, and the
 * link is likely gone: a ping leaves at once, and any sign of life has to come within 10 s. While we hold the socket
 * back ourselves (`pause`) pings go on, silence is not counted; it counts from `resume` on, so that a link that died
 * meanwhile is noticed within 60 s after that. Holds no timer after `stop` or `dead`.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  /** The longest time without a sign of life. */
  readonly #limitMs: number
  /** By the clock that never goes backwards: dead at this time, unless a sign of life comes. Counted from `#since`. */
  #deadline = 0
  #since = 0
  /** When the next tick is due, by the wall. */
  #tickAt = 0
  #paused = false
  #cancelPing: (() => void) | undefined
  #cancelTick: (() => void) | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
    const {pingIntervalMs, silenceMs} = options
    const answerMs = Math.max(0, silenceMs - pingIntervalMs)
    this.#limitMs = silenceMs - Math.min(MARGIN_MS, answerMs * MARGIN_SHARE)
  }

  /** Starts both clocks. The first ping comes at a random part of the interval, so that clients do not ping in step. */
  start(): void {
    const {pingIntervalMs, timers} = this.#options
    this.life()
    this.#pingIn(pingIntervalMs * timers.random())
    this.#tickIn()
  }

  /** A frame, a ping or a pong has come. */
  life(): void {
    this.#expectWithin(this.#limitMs)
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
    this.#cancelTick?.()
  }

  #expectWithin(ms: number): void {
    this.#since = this.#options.timers.now()
    this.#deadline = this.#since + ms
  }

  #pingIn(delayMs: number): void {
    this.#cancelPing = this.#options.timers.setTimer(() => {
      this.#pingIn(this.#options.pingIntervalMs)
      this.#options.ping()
    }, delayMs)
  }

  // One timer that looks at the clocks when it fires, instead of one that each frame of a flood would have to reset.
  #tickIn(): void {
    const {timers} = this.#options
    const dueMs = Math.min(TICK_MS, this.#deadline - timers.now())
    this.#tickAt = timers.wallNow() + dueMs
    this.#cancelTick = timers.setTimer(() => this.#look(), dueMs)
  }

  #look(): void {
    if (this.#options.timers.wallNow() - this.#tickAt > ASLEEP_MS) this.#wake()
    if (this.#paused) this.life()
    if (this.#options.timers.now() < this.#deadline) {
      this.#tickIn()
      return
    }
    this.stop()
    this.#options.dead(this.#deadline - this.#since)
  }

  #wake(): void {
    this.#expectWithin(Math.min(WAKE_MS, this.#limitMs))
    this.#options.ping()
  }
}
