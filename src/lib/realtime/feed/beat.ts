import type {FeedEffects} from './feed-types.js'
import {nap} from './nap.js'

/** Each wait is up to a tenth longer, so that not all clients of a server ask in step. */
const SPREAD = 0.1
/** Where there is no regular comparison, one that was asked for and failed is tried again after so long. */
const RETRY_MS = 5_000

/** Comparisons with history that were asked for, over all connections of a feed. */
export class Demand {
  #waiting: (() => void)[] = []
  #closed = false
  /** Called when the first of them is asked for. */
  onRequest: (() => void) | undefined

  /** Whether one is asked for. */
  get pending(): boolean {
    return this.#waiting.length > 0
  }

  /** Asks for one; resolves when it is done, or the feed has ended. */
  request(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.onRequest?.()
    })
  }

  /** Those that are asked for now; the function that is returned says that they are done. */
  take(): () => void {
    const count = this.#waiting.length
    return () => {
      for (const resolve of this.#waiting.splice(0, count)) resolve()
    }
  }

  /** The feed has ended. */
  close(): void {
    this.#closed = true
    this.take()()
  }
}

/** What a beat drives. */
export interface BeatOptions {
  /** 0: only on demand. */
  readonly everyMs: number
  readonly effects: FeedEffects
  /** The end of the connection. */
  readonly signal: AbortSignal
  readonly demand: Demand
  /** One comparison: of some channels in turn, or on demand of all. True if it could be done. */
  readonly compare: (all: boolean) => Promise<boolean>
}

/** Compares with history at each beat and on demand, until the signal is aborted. Throws what `compare` throws. */
export async function beat(options: BeatOptions): Promise<void> {
  const {demand, signal, compare} = options
  let failed = false
  while (!signal.aborted) {
    if (failed || !demand.pending) await wait(options, failed)
    if (signal.aborted) return
    const all = demand.pending
    const done = demand.take()
    failed = !(await compare(all))
    if (!failed) done()
  }
}

/** Waits for the next beat; a demand ends it, unless the one before has just failed. */
function wait({everyMs, effects, signal, demand}: BeatOptions, failed: boolean): Promise<void> {
  const delayMs = everyMs * (1 + SPREAD * effects.random())
  if (failed) return nap(effects, delayMs || RETRY_MS, signal).done
  const {done, wake} = nap(everyMs > 0 ? effects : {sleep: aborted}, delayMs, signal)
  demand.onRequest = wake
  return done
}

function aborted(_delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), {once: true})
  })
}
