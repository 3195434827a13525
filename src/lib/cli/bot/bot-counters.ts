import type {BotStats} from '../../bot/phrases.js'
import type {Metrics} from '../../metrics/metrics.js'
import type {BotRecord} from '../../output/views/bot-record.js'
import type {Channel} from '../../realtime/channel.js'
import type {FeedCounters} from '../../realtime/feed/feed-types.js'

const FRAMES = {room: 'room_message', dm: 'dm_message'} as const

/** What a bot has done since its start: for `stats`, for its last line, and for metrics. */
export class BotCounters {
  readonly #results = {answered: 0, repeated: 0, silent: 0, capped: 0, failed: 0}
  readonly #sent = {room: 0, dm: 0}
  readonly #metrics: Metrics
  #feed: (() => FeedCounters) | undefined
  #pending: () => number = () => 0

  constructor(metrics: Metrics) {
    this.#metrics = metrics
    metrics.collect(set => {
      for (const [result, count] of Object.entries(this.#results))
        set('veza_bot_answers_total', {result}, count)
      for (const kind of ['room', 'dm'] as const)
        set('chat_client_messages_total', {direction: 'sent', type: FRAMES[kind]}, this.#sent[kind])
      set('veza_bot_pending_messages', {}, this.#pending())
    })
  }

  /** Messages and reconnections are counted by the feed, and what waits by the run. */
  follow(feed: {readonly counters: FeedCounters}, run: {readonly pending: number}): void {
    this.#feed = () => feed.counters
    this.#pending = () => run.pending
  }

  /** Counts a message that was owed an answer. @param seconds since it came. */
  count(result: BotRecord['result'], kind: Channel['kind'], seconds: number): void {
    this.#results[result] += 1
    if (result === 'answered') this.#sent[kind] += 1
    this.#metrics.observe('veza_bot_answer_duration_seconds', {}, seconds)
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
