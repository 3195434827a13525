/** The last line of a long-running command: why it ended, what it did, how long it took, how to go on. */
export class Ending {
  readonly #now: () => number
  #startedMs: number | undefined

  /** @param now milliseconds of a clock that only goes forward. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** The command is live from now on. */
  begin(): void {
    this.#startedMs = this.#now()
  }

  /**
   * The line, or undefined where the command never came to life: then its error says enough.
   * @param did how much it did.
   * @param resume how to go on.
   */
  line(reason: string, did?: string, resume?: string): string | undefined {
    if (this.#startedMs === undefined) return undefined
    const seconds = (this.#now() - this.#startedMs) / 1000
    return [`ended: ${reason}`, did, inWords(seconds), resume].filter(part => part !== undefined).join('; ')
  }
}

function inWords(exactly: number): string {
  if (exactly < 59.95) return `${exactly.toFixed(1)} s`
  const seconds = Math.round(exactly)
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A number of things, in words: `1 message`, `2 messages`, `2 matches`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), {once: true}))
}
