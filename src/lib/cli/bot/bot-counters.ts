import type {BotStats} from '../../bot/phrases.js'
import type {BotRecord} from '../../output/views/bot-record.js'
import type {FeedCounters} from '../../realtime/feed/feed-types.js'

/** What a bot has done since its start: for `stats`, for its last line, and whatever else is to read it. */
export class BotCounters {
  readonly #results = {answered: 0, repeated: 0, silent: 0, capped: 0, failed: 0}
  #feed: (() => FeedCounters) | undefined

  /** Messages and reconnections are counted by the feed. */
  follow(feed: {readonly counters: FeedCounters}): void {
    this.#feed = () => feed.counters
  }

  count(result: BotRecord['result']): void {
    this.#results[result] += 1
  }

  /** How many messages ended so. */
  get results(): Readonly<Record<BotRecord['result'], number>> {
    return this.#results
  }

  get stats(): BotStats {
    const feed = this.#feed?.()
    return {received: feed?.delivered ?? 0, sent: this.#results.answered, reconnects: feed?.reconnects ?? 0}
  }
}
