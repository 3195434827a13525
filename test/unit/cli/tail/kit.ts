import type {Message} from '../../../../src/contract/resources.js'
import type {OpenCursor} from '../../../../src/lib/cli/cursor-flags.js'
import type {MessageItem} from '../../../../src/lib/cli/tail/delivery.js'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import {Cursor} from '../../../../src/lib/realtime/cursor/cursor.js'
import type {
  ChannelStart,
  Feed,
  FeedCounters,
  FeedItem,
} from '../../../../src/lib/realtime/feed/feed-types.js'

/** The room of all items here. */
export const ROOM = {kind: 'room', id: 15} as const

/** A message as a feed gives it out. */
export function item(id: number, fields: Partial<Message> = {}, late = false): MessageItem {
  return {type: 'message', channel: ROOM, message: {id, content: `message ${id}`, ...fields}, late}
}

const NO_COUNTERS: FeedCounters = {
  delivered: 0,
  duplicates: 0,
  reconnects: 0,
  gapFilled: 0,
  late: 0,
  dropped: 0,
  attempts: 0,
  malformed: 0,
  reported: 0,
}

/** A feed that gives out the batches it is made of, then waits until it is closed, or throws. */
export class ListFeed implements Feed {
  readonly counters = NO_COUNTERS
  readonly state = {isConnected: true, isLive: true, waiting: 0}
  readonly #batches: (readonly FeedItem[])[]
  readonly #failure: Error | undefined
  #closed = false
  #wake = (): void => undefined
  /** Batches that were asked for. */
  asked = 0
  /** What was to be followed, and what no longer. */
  readonly asks: ({readonly follow: readonly ChannelStart[]} | {readonly unfollow: readonly Channel[]})[] = []

  constructor(batches: readonly (readonly FeedItem[])[], failure?: Error) {
    this.#batches = [...batches]
    this.#failure = failure
  }

  async nextBatch(): Promise<readonly FeedItem[] | undefined> {
    this.asked += 1
    const batch = this.#batches.shift()
    if (batch !== undefined) return batch
    if (this.#failure !== undefined) throw this.#failure
    if (!this.#closed) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    return undefined
  }

  async reconcile(): Promise<void> {}

  follow(starts: readonly ChannelStart[]): void {
    this.asks.push({follow: starts})
  }

  unfollow(channels: readonly Channel[]): void {
    this.asks.push({unfollow: channels})
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<FeedItem> {
    for (let batch = await this.nextBatch(); batch !== undefined; batch = await this.nextBatch()) yield* batch
  }
}

/** A cursor without a file. */
export class FilelessCursor implements OpenCursor {
  readonly cursor = new Cursor({server: 'http://localhost'})
  readonly label = '--cursor none'
  readonly path = 'none'
  /** How often it was said to have changed. */
  changes = 0
  readonly changed = (): void => {
    this.changes += 1
  }

  async saved(): Promise<void> {}

  async close(): Promise<void> {}

  /** Of these ids, those that a later run would get. */
  wanted(...ids: readonly number[]): readonly number[] {
    const {afterId, delivered} = this.cursor.start(ROOM) ?? {afterId: 0, delivered: []}
    return ids.filter(id => id > afterId && !delivered.includes(id))
  }
}
