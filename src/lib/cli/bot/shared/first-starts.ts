import type {Channel} from '../../../realtime/channel.js'
import type {ChannelStart, ReadPage} from '../../../realtime/feed/feed-types.js'
import {findIdBefore} from '../../../realtime/feed/find-id.js'
import {type Insistence, insist} from '../../../relay/insist.js'
import type {ChannelStore} from '../../../state/redis/channel-store.js'

/** A Redis that was emptied was so a few beats ago at most. What was answered since, the rooms themselves tell. */
const MARGIN_MS = 10_000

/** What finding a start needs. */
export interface FirstStartsOptions extends Insistence {
  readonly store: Pick<ChannelStore, 'born'>
  readonly readPage: ReadPage
  /** When the group began, by the server's clock. */
  readonly bornMs: number
  /** That clock. */
  readonly now: () => number
  /** Redis has lost all it knew. */
  readonly onEmptied: () => void
}

/**
 * Where to begin in a channel of which Redis does not know how far it is. In a room, now. In a conversation, when the group
 * began: it is new, or was not listed then. Where Redis was emptied, a moment before it was last known not to be.
 */
export class FirstStarts {
  readonly #options: FirstStartsOptions
  #bornMs: number
  #sinceMs: number | undefined
  readonly #beatsMs: number[] = []

  constructor(options: FirstStartsOptions) {
    this.#options = options
    this.#bornMs = options.bornMs
  }

  /** Redis has answered. */
  beat(): void {
    this.#beatsMs.push(this.#options.now())
    if (this.#beatsMs.length > 2) this.#beatsMs.shift()
  }

  /** @throws what reading a page throws. */
  async of(channel: Channel): Promise<ChannelStart> {
    const {now, onEmptied, readPage, signal, store} = this.#options
    const bornMs = (await insist(() => store.born(now()), this.#options)) ?? this.#bornMs
    if (bornMs !== this.#bornMs) {
      this.#bornMs = bornMs
      this.#sinceMs = Math.min(...this.#beatsMs, bornMs) - MARGIN_MS
      onEmptied()
    }
    const sinceMs = this.#sinceMs ?? (channel.kind === 'dm' ? bornMs : undefined)
    if (sinceMs === undefined) return {channel}
    return {channel, afterId: await findIdBefore(readPage, channel, sinceMs, signal)}
  }
}
