import type {Metrics, SetFigure} from '../../metrics/metrics.js'
import type {Channel} from '../../realtime/channel.js'
import type {ChannelStart, Feed, FeedCounters, FeedItem, FeedState} from '../../realtime/feed/feed-types.js'
import {countError} from './timed.js'

/** Frames of section 5 that come without having been asked for. A server may send others, of any number of types. */
const EVENTS: ReadonlySet<string> = new Set([
  'user_presence',
  'reaction_added',
  'reaction_removed',
  'dm_created',
])

/** Clocks of two machines that differ by less are taken for one: the server's is known to the second only. */
const ONE_CLOCK_MS = 2_000

/** What the metering of a feed needs. */
export interface MeterOptions {
  readonly metrics: Metrics
  /** This machine's clock in milliseconds since 1970. */
  readonly now: () => number
  /** How far the server's clock is ahead of ours, in milliseconds. */
  readonly skewMs: () => number
}

/** The feed, and its metrics; where nobody asked for any, the feed as it is. */
export function meterFeed(feed: Feed, options: MeterOptions): Feed {
  return options.metrics.isOn ? new MeteredFeed(feed, options) : feed
}

/**
 * Measures what comes out of a feed, batch by batch: of each message only that it came. Everything else the feed counts
 * itself, and is asked at each scrape.
 */
class MeteredFeed implements Feed {
  readonly #feed: Feed
  readonly #options: MeterOptions
  readonly #received = new Map<string, number>()
  #isLive = false
  #lastEventMs = 0
  /** When the batch at hand was given on. */
  #givenMs: number | undefined

  constructor(feed: Feed, options: MeterOptions) {
    this.#feed = feed
    this.#options = options
    options.metrics.collect(set => this.#tell(set))
    options.metrics.readyWhen(() => feed.state.isLive)
  }

  get counters(): FeedCounters {
    return this.#feed.counters
  }

  get state(): FeedState {
    return this.#feed.state
  }

  async nextBatch(): Promise<readonly FeedItem[] | undefined> {
    const {metrics, now} = this.#options
    if (this.#givenMs !== undefined) {
      const seconds = Math.max(0, now() - this.#givenMs) / 1000
      metrics.observe('chat_client_message_duration_seconds', {operation: 'deliver'}, seconds)
      this.#givenMs = undefined
    }
    try {
      const batch = await this.#feed.nextBatch()
      if (batch !== undefined) this.#note(batch)
      return batch
    } catch (error) {
      countError(metrics, error)
      throw error
    }
  }

  async *[Symbol.asyncIterator](): AsyncIterator<FeedItem> {
    // The feed's own iterator knows how to end; its batches are of one item here.
    for await (const item of this.#feed) {
      this.#note([item])
      yield item
    }
  }

  reconcile(): Promise<void> {
    return this.#feed.reconcile()
  }

  follow(starts: readonly ChannelStart[]): void {
    this.#feed.follow(starts)
  }

  unfollow(channels: readonly Channel[]): void {
    this.#feed.unfollow(channels)
  }

  close(): Promise<void> {
    return this.#feed.close()
  }

  #note(batch: readonly FeedItem[]): void {
    const nowMs = this.#options.now()
    this.#givenMs = nowMs
    this.#lastEventMs = nowMs
    let rooms = 0
    let conversations = 0
    for (const item of batch) {
      if (item.type === 'message') {
        if (item.channel.kind === 'room') rooms += 1
        else conversations += 1
      } else if (item.type === 'frame')
        this.#count(EVENTS.has(item.frame.type) ? item.frame.type : 'other', 1)
      else if (item.type === 'event' && item.event.type === 'ready') this.#isLive = true
    }
    if (rooms > 0) this.#count('room_message', rooms)
    if (conversations > 0) this.#count('dm_message', conversations)
    if (this.#isLive) this.#measureLag(batch, nowMs)
  }

  /** Of the first message, which has waited longest. What came before the feed was live is as old as was asked for. */
  #measureLag(batch: readonly FeedItem[], nowMs: number): void {
    const first = batch.find(item => item.type === 'message')
    const createdMs = first?.type === 'message' ? Date.parse(first.message.created_at ?? '') : Number.NaN
    if (Number.isNaN(createdMs)) return
    const skewMs = this.#options.skewMs()
    const lagMs = nowMs + (Math.abs(skewMs) < ONE_CLOCK_MS ? 0 : skewMs) - createdMs
    this.#options.metrics.observe('veza_feed_lag_seconds', {}, Math.max(0, lagMs) / 1000)
  }

  #count(type: string, by: number): void {
    this.#received.set(type, (this.#received.get(type) ?? 0) + by)
  }

  #tell(set: SetFigure): void {
    const {counters, state} = this.#feed
    for (const [type, count] of this.#received)
      set('chat_client_messages_total', {direction: 'received', type}, count)
    set('chat_client_connections_total', {}, counters.attempts)
    set('chat_client_connections_active', {}, state.isConnected ? 1 : 0)
    set('chat_client_reconnections_total', {}, counters.reconnects)
    set('chat_client_errors_total', {type: 'malformed_frame'}, counters.malformed)
    set('chat_client_errors_total', {type: 'server_reported'}, counters.reported)
    set('veza_feed_gap_filled_total', {}, counters.gapFilled)
    set('veza_feed_late_total', {}, counters.late)
    set('veza_feed_duplicates_total', {}, counters.duplicates)
    set('veza_feed_dropped_total', {}, counters.dropped)
    set('veza_feed_queue_messages', {}, state.waiting)
    set('veza_last_event_timestamp_seconds', {}, this.#lastEventMs / 1000)
  }
}
