/** Calls `work` once after so long, and returns what calls it off. */
export type SetTimer = (delayMs: number, work: () => void) => () => void

/** The process may end while such a timer runs. */
const realTimer: SetTimer = (delayMs, work) => {
  const timer = setTimeout(work, delayMs).unref()
  return () => clearTimeout(timer)
}

/** What is to happen after a while, such as the end of a silence; `flush` has it happen now. */
export class Waits {
  readonly #waiting = new Map<() => void, () => void>()

  constructor(readonly setTimer: SetTimer = realTimer) {}

  after(delayMs: number, work: () => void): void {
    const done = (): void => {
      this.#waiting.delete(done)
      work()
    }
    this.#waiting.set(done, this.setTimer(delayMs, done))
  }

  flush(): void {
    for (const [done, callOff] of [...this.#waiting]) {
      callOff()
      done()
    }
  }
}
