import type {Channels} from './channels.js'
import type {Discover} from './feed-types.js'
import type {Timeline} from './timeline.js'

/** What a discovery needs of its session. */
export interface DiscoveryOptions {
  readonly discover: Discover | undefined
  readonly channels: Channels
  /** The end of the connection. */
  readonly signal: AbortSignal
  /** Told of channels that were not known. */
  readonly found: (timelines: readonly Timeline[]) => void
}

/** Looks for new channels, one look at a time. */
export class Discovery {
  readonly #options: DiscoveryOptions
  #isBusy = false
  #again = false

  constructor(options: DiscoveryOptions) {
    this.#options = options
  }

  /** Whether a look is going on. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Looks now. While another look is going on that one is repeated, and this returns. Throws what `discover` throws. */
  async look(): Promise<void> {
    const {discover, channels, signal, found} = this.#options
    if (discover === undefined) return
    this.#again = true
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      while (this.#again && !signal.aborted) {
        this.#again = false
        const all = await discover(signal)
        const added = signal.aborted ? [] : channels.discovered(all)
        if (added.length > 0) found(added)
      }
    } finally {
      this.#isBusy = false
    }
  }
}
