import {beat, type Demand} from './beat.js'
import type {Fills} from './fills.js'
import type {Link, Links} from './links.js'
import {canPass, isRateLimit} from './refusals.js'
import {compare, type PageBudget, type SyncContext} from './sync.js'

/** So many channels are compared at a beat: a server allows a user some 100 requests a minute (section 3). */
const CHANNELS_A_BEAT = 10
/** And so many pages are read for that: the allowance is the account's, not only ours. */
const PAGES_A_BEAT = 20

/** What a comparer needs of its session. */
export interface ComparerOptions {
  readonly links: Links
  readonly fills: Fills
  readonly sync: SyncContext
  /** As in `BeatOptions`. */
  readonly everyMs: number
  readonly demand: Demand
  /** Begins to look for new channels; nothing here waits for that. */
  readonly discover: () => void
  /** A channel cannot be compared, now or later. */
  readonly failed: (link: Link, error: unknown) => void
  readonly late: (count: number) => void
}

/**
 * Compares the live channels of a session with history: ten in turn at each beat, 20 pages of them, all on demand. What fails and can pass
 * is tried again at the next beat.
 */
export class Comparer {
  readonly #options: ComparerOptions
  #turn = 0

  constructor(options: ComparerOptions) {
    this.#options = options
  }

  /** Runs until the connection ends. Throws what cannot pass. */
  async run(): Promise<void> {
    const {everyMs, demand, sync} = this.#options
    const {effects, signal} = sync
    await beat({everyMs, effects, signal, demand, compare: all => this.#compare(all)})
  }

  async #compare(all: boolean): Promise<boolean> {
    const {discover} = this.#options
    try {
      if (!all) return await this.#compareEach(this.#nextTen(), {left: PAGES_A_BEAT})
      return await this.#compareAll()
    } finally {
      discover()
    }
  }

  /** All that are followed now, also those that were added a moment ago: behind a fence their joins were seen. */
  async #compareAll(): Promise<boolean> {
    const {fills, links, sync} = this.#options
    const {all} = links
    if (all.some(({joined}) => !joined)) await sync.fence()
    await fills.idle()
    const areCompared = await this.#compareEach(all, undefined)
    return areCompared && all.every(link => link.dropped || (link.live && !fills.isBusy(link)))
  }

  /** Whether all could be compared. The trouble of one is not that of the next, but a rate limit is the account's. */
  async #compareEach(links: readonly Link[], budget: PageBudget | undefined): Promise<boolean> {
    const {signal} = this.#options.sync
    let areCompared = true
    for (const link of links) {
      try {
        await this.#compareOne(link, budget)
      } catch (error) {
        if (signal.aborted || isRateLimit(error)) return false
        if (!canPass(error)) throw error
        areCompared = false
      }
    }
    return areCompared
  }

  async #compareOne(link: Link, budget: PageBudget | undefined): Promise<void> {
    const {failed, fills, sync, late} = this.#options
    // A fill compares too.
    if (!link.live || fills.isBusy(link)) return
    const comparing = compare(link.timeline, {...sync, signal: link.signal}, late, budget)
    link.comparing = comparing.catch(() => {})
    await comparing.catch(error => {
      if (link.dropped) return
      if (sync.signal.aborted || canPass(error)) throw error
      failed(link, error)
    })
  }

  #nextTen(): readonly Link[] {
    const {all} = this.#options.links
    const from = this.#turn % Math.max(1, all.length)
    this.#turn = from + CHANNELS_A_BEAT
    return [...all.slice(from), ...all.slice(0, from)].slice(0, CHANNELS_A_BEAT)
  }
}
