import type {Timers} from '../../../src/lib/realtime/connection/heartbeat.js'

/** A clock that moves only when told to. */
export class ManualTimers implements Timers {
  #now = 0
  #wallNow = Date.UTC(2026, 10, 22)
  readonly #timers = new Set<{at: number; callback: () => void}>()
  readonly #random: number

  constructor(random = 0.5) {
    this.#random = random
  }

  now = (): number => this.#now

  wallNow = (): number => this.#wallNow

  random = (): number => this.#random

  setTimer = (callback: () => void, delayMs: number): (() => void) => {
    const timer = {at: this.#now + delayMs, callback}
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves on, calling what falls due in order of time. */
  advance(byMs: number): void {
    const until = this.#now + byMs
    for (;;) {
      const due = [...this.#timers].filter(({at}) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers.delete(due)
      this.#moveTo(Math.max(this.#now, due.at))
      due.callback()
    }
    this.#moveTo(until)
  }

  /** The machine is suspended: only the wall's clock goes on. */
  suspend(forMs: number): void {
    this.#wallNow += forMs
  }

  /** The process stands still: both clocks go on, what has fallen due is called with the next `advance`. */
  freeze(forMs: number): void {
    this.#moveTo(this.#now + forMs)
  }

  #moveTo(now: number): void {
    this.#wallNow += now - this.#now
    this.#now = now
  }
}
