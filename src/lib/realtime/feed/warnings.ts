import type {FeedEffects} from './feed-types.js'
import {nap} from './nap.js'

/** At most one warning of a kind in so long. */
const EVERY_MS = 10_000

/** What a run of problems of one kind is called, by their number and the last of them. */
export type Wording = (count: number, last: string) => string

/** Keeps a server that sends nonsense from flooding whoever reads the warnings: one at once, then their number. */
export class Warnings {
  readonly #effects: FeedEffects
  readonly #signal: AbortSignal
  readonly #wording: Wording
  readonly #tell: (message: string) => void
  #toldAt = Number.NEGATIVE_INFINITY
  #count = 0
  #last = ''

  /** `signal`: the end, after which nothing is told. */
  constructor(options: {
    readonly effects: FeedEffects
    readonly signal: AbortSignal
    readonly wording: Wording
    readonly tell: (message: string) => void
  }) {
    this.#effects = options.effects
    this.#signal = options.signal
    this.#wording = options.wording
    this.#tell = options.tell
  }

  /** Something was wrong. */
  note(problem: string): void {
    this.#count += 1
    this.#last = problem
    if (this.#count > 1) return
    const leftMs = this.#toldAt + EVERY_MS - this.#effects.now()
    if (leftMs <= 0) this.#flush()
    else void nap(this.#effects, leftMs, this.#signal).done.then(() => this.#flush())
  }

  #flush(): void {
    if (this.#signal.aborted) return
    const [count, last] = [this.#count, this.#last]
    this.#count = 0
    this.#toldAt = this.#effects.now()
    this.#tell(this.#wording(count, last))
  }
}
