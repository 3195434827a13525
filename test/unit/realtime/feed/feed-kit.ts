import {openConnection} from '../../../../src/lib/realtime/connection/connection.js'
import {openFeed} from '../../../../src/lib/realtime/feed/feed.js'
import type {
  ChannelStart,
  Feed,
  FeedEvent,
  FeedItem,
  FeedOptions,
} from '../../../../src/lib/realtime/feed/feed-types.js'
import {startWsStub, type WsStub} from '../../../support/ws-stub.js'
import {ManualTimers} from '../manual-timers.js'

/** A feed on a stub, with everything it says written down. */
export interface Rig {
  readonly server: WsStub
  readonly feed: Feed
  readonly events: FeedEvent[]
  /** For each attempt, whether the token before it was refused. */
  readonly refusals: boolean[]
  readonly slept: number[]
  readonly timers: ManualTimers
  /** Resolves at the nth event of a type, from now or before. */
  event<T extends FeedEvent['type']>(type: T, nth?: number): Promise<Extract<FeedEvent, {type: T}>>
  /** Everything that the feed has given out so far. */
  readonly items: FeedItem[]
  /** The ids of the next messages, exactly so many. */
  take(count: number): Promise<number[]>
}

const running: {feed?: Feed; server: WsStub}[] = []

/** Ends what the tests of a file have left open. */
export async function stopRigs(): Promise<void> {
  for (const {feed, server} of running.splice(0)) {
    await feed?.close()
    await server.stop()
  }
}

/** The room of a rig, unless `channels` says otherwise. */
export const ROOM = {kind: 'room', id: 15} as const

type RigOptions = Partial<FeedOptions> &
  Omit<ChannelStart, 'channel'> & {
    autoPong?: boolean
    sleep?: (signal: AbortSignal, delayMs: number) => Promise<void>
    /** Told of each item that `take` reads. */
    onItem?: (item: FeedItem) => void
  }

/**
 * Opens a feed of room 15, without a regular comparison. `prepare` runs before it connects; sleeps are noted and end at
 * once unless `sleep` is given.
 */
export async function openRig(
  options: RigOptions = {},
  prepare: (server: WsStub) => unknown = () => {},
): Promise<Rig> {
  const {autoPong = true, sleep, last, afterId, delivered, onItem, ...feedOptions} = options
  const server = await startWsStub({autoPong})
  const {url} = server
  await prepare(server)
  const timers = new ManualTimers()
  const events: FeedEvent[] = []
  const waiting: (() => void)[] = []
  const refusals: boolean[] = []
  const slept: number[] = []
  const feed = openFeed({
    channels: [{channel: ROOM, last, afterId, delivered}],
    reconcileEveryMs: 0,
    connect: async (signal, {tokenRefused}) => {
      refusals.push(tokenRefused)
      return {connection: await openConnection({url, signal, timers}), token: `token-${refusals.length}`}
    },
    readPage: server.readHistory,
    effects: {
      now: timers.now,
      random: timers.random,
      sleep: async (delayMs, signal) => {
        slept.push(delayMs)
        await sleep?.(signal, delayMs)
      },
    },
    onEvent: event => {
      events.push(event)
      for (const wake of waiting.splice(0)) wake()
    },
    ...feedOptions,
  })
  const items: FeedItem[] = []
  running.push({feed, server})
  return {
    server,
    feed,
    events,
    refusals,
    slept,
    timers,
    event: async (type, nth = 0) => {
      for (;;) {
        const found = events.filter(event => event.type === type)[nth]
        if (found !== undefined) return found as never
        await new Promise<void>(resolve => waiting.push(resolve))
      }
    },
    items,
    take: taker(feed, item => {
      items.push(item)
      onItem?.(item)
    }),
  }
}

/** Ids of messages from batches, the last of which may hold more. */
function taker(feed: Feed, onItem: (item: FeedItem) => void): (count: number) => Promise<number[]> {
  let ids: number[] = []
  return async count => {
    while (ids.length < count) {
      const batch = await feed.nextBatch()
      if (batch === undefined) throw new Error(`the feed ended after ${ids.length} of ${count} messages`)
      batch.forEach(onItem)
      ids.push(...batch.flatMap(item => (item.type === 'message' ? [item.message.id] : [])))
    }
    const taken = ids.slice(0, count)
    ids = ids.slice(count)
    return taken
  }
}

/** Resolves to what the feed ends with; what comes before is dropped. */
export async function ending(feed: Feed): Promise<unknown> {
  try {
    while ((await feed.nextBatch()) !== undefined);
    return undefined
  } catch (error) {
    return error
  }
}
