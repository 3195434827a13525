import {channelTitle} from '../channel.js'
import type {FeedQueue} from '../queue/queue.js'
import type {Channels} from './channels.js'
import type {FeedCounters, FeedEffects, FeedEvent} from './feed-types.js'
import type {Gap} from './sync.js'
import type {Timeline} from './timeline.js'
import {Warnings} from './warnings.js'

/** What a journal needs of its feed. */
export interface JournalOptions {
  readonly channels: Channels
  readonly queue: FeedQueue
  readonly effects: FeedEffects
  /** The end of the feed. */
  readonly signal: AbortSignal
  /** Told of each event at once. */
  readonly onEvent: ((event: FeedEvent) => void) | undefined
}

/** What happens to a feed over all its connections: it is counted, and told, at its place in the stream and at once. */
export class Journal {
  readonly #options: JournalOptions
  readonly #malformed: Warnings
  readonly #reported: Warnings
  /** Those that were filled before: what their next fill finds is a gap, and no start. */
  readonly #filled = new WeakSet<Timeline>()
  #reconnects = 0
  #gapFilled = 0
  #late = 0
  #attempts = 0
  #malformedFrames = 0
  #reportedErrors = 0
  #ready = false
  #downSince: number | undefined

  constructor(options: JournalOptions) {
    this.#options = options
    this.#malformed = this.#warnings(
      (count, last) => `${count === 1 ? '1 frame' : `${count} frames`} could not be read: ${last}`,
    )
    this.#reported = this.#warnings(
      (count, last) => `the server reports: ${last}${count === 1 ? '' : ` (and ${count - 1} more)`}`,
    )
  }

  get counters(): FeedCounters {
    const {channels, queue} = this.#options
    return {
      delivered: queue.added,
      duplicates: channels.duplicates,
      reconnects: this.#reconnects,
      gapFilled: this.#gapFilled,
      late: this.#late,
      dropped: queue.dropped,
      attempts: this.#attempts,
      malformed: this.#malformedFrames,
      reported: this.#reportedErrors,
    }
  }

  /** Whether a session was live. */
  get isReady(): boolean {
    return this.#ready
  }

  /** Whether the session at hand is live. */
  get isLive(): boolean {
    return this.#ready && this.#downSince === undefined
  }

  /** Another attempt to open a connection. */
  attempt(): void {
    this.#attempts += 1
  }

  /** The connection has ended, or there was none. */
  down(): void {
    this.#downSince ??= this.#options.effects.now()
  }

  /** All channels are filled for the first time in this session. */
  live(): void {
    const {channels, effects} = this.#options
    if (this.#ready) {
      this.#reconnects += 1
      this.tell({type: 'reconnected', downMs: effects.now() - (this.#downSince ?? 0)})
    } else {
      this.#ready = true
      const positions = channels.all.map(({channel, newestId}) => ({channel, lastId: newestId}))
      this.tell({type: 'ready', channels: positions})
      for (const timeline of channels.beyondHistory) this.#tellBeyondHistory(timeline)
    }
    this.#downSince = undefined
  }

  /** A channel is filled; `gap` is what no frame had brought. */
  filled(timeline: Timeline, gap: Gap | undefined): void {
    const isFirst = !this.#filled.has(timeline)
    this.#filled.add(timeline)
    if (!this.#ready) return
    if (isFirst) {
      if (this.#options.channels.beyondHistory.includes(timeline)) this.#tellBeyondHistory(timeline)
    } else if (gap !== undefined) {
      this.#gapFilled += gap.count
      this.tell({type: 'gap_filled', channel: timeline.channel, ...gap})
    }
  }

  /** So many messages were found that the server never broadcast. */
  late(count: number): void {
    this.#late += count
  }

  /** A frame could not be read. */
  malformed(problem: string): void {
    this.#malformedFrames += 1
    this.#malformed.note(problem)
  }

  /** The server reports an error that ends nothing. */
  reported(problem: string): void {
    this.#reportedErrors += 1
    this.#reported.note(problem)
  }

  warn(message: string): void {
    this.tell({type: 'warning', message})
  }

  /** Tells of an event. */
  tell(event: FeedEvent): void {
    this.#options.queue.push({type: 'event', event})
    this.#options.onEvent?.(event)
  }

  #tellBeyondHistory({channel, newestId, startId}: Timeline): void {
    const end = `history of ${channelTitle(channel)} ends at ${newestId}`
    this.warn(`${end}, before ${startId} where this begins: nothing up to ${startId} will come`)
  }

  #warnings(wording: (count: number, last: string) => string): Warnings {
    const {effects, signal} = this.#options
    return new Warnings({effects, signal, wording, tell: message => this.warn(message)})
  }
}
