import {endingOfError} from '../reconnect/reconnect.js'
import {beat, type Demand} from './beat.js'
import type {Fills, Link, Links} from './links.js'
import {compare, type SyncContext} from './sync.js'

/** So many channels are compared at a beat: a server allows a user some 100 requests a minute (section 3). */
const CHANNELS_A_BEAT = 10

/** What a comparer needs of its session. */
export interface ComparerOptions {
  readonly links: Links
  readonly fills: Fills
  readonly sync: SyncContext
  /** As in `BeatOptions`. */
  readonly everyMs: number
  readonly demand: Demand
  /** Looks for new channels. */
  readonly discover: () => Promise<void>
  readonly late: (count: number) => void
}

/**
 * Compares the live channels of a session with history: ten in turn at each beat, all on demand. What fails and can pass
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
    const {discover, fills, links, sync} = this.#options
    try {
      await discover()
      if (all) await fills.idle()
      for (const link of all ? links.all : this.#nextTen()) await this.#compareOne(link)
      return true
    } catch (error) {
      if (sync.signal.aborted || canPass(error)) return false
      throw error
    }
  }

  async #compareOne(link: Link): Promise<void> {
    const {fills, sync, late} = this.#options
    // A fill compares too.
    if (fills.isBusy(link)) return
    const comparing = compare(link.timeline, sync, late)
    link.comparing = comparing.catch(() => {})
    await comparing
  }

  #nextTen(): readonly Link[] {
    const {all} = this.#options.links
    const from = this.#turn % Math.max(1, all.length)
    this.#turn = from + CHANNELS_A_BEAT
    return [...all.slice(from), ...all.slice(0, from)].slice(0, CHANNELS_A_BEAT)
  }
}

/** A page that is no answer of the server comes from what stands before it: the server was live, so that passes too. */
function canPass(error: unknown): boolean {
  const {policy} = endingOfError(error)
  return policy === 'retry' || policy === 'unless_proven'
}
