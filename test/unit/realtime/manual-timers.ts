import type {Timers} from '../../../src/lib/realtime/heartbeat.js'

/** A clock that moves only when told to. */
export class ManualTimers implements Timers {
  #now = 0
  readonly #timers = new Set<{at: number; callback: () => void}>()
  readonly #random: number

  constructor(random = 0.5) {
    this.#random = random
  }

  now = (): number => this.#now

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
      this.#now = due.at
      due.callback()
    }
    this.#now = until
  }
}
