import type {Message} from '../../../src/contract/resources.js'
import {openConnection} from '../../../src/lib/realtime/connection.js'
import {
  type FeedEvent,
  openRoomFeed,
  type RoomFeed,
  type RoomFeedOptions,
} from '../../../src/lib/realtime/feed.js'
import {startWsStub, type WsStub} from '../../support/ws-stub.js'
import {ManualTimers} from './manual-timers.js'

/** A feed on a stub, with everything it says written down. */
export interface Rig {
  readonly server: WsStub
  readonly feed: RoomFeed
  readonly events: FeedEvent[]
  /** For each attempt, whether the token before it was refused. */
  readonly refusals: boolean[]
  readonly slept: number[]
  readonly timers: ManualTimers
  /** Resolves at the nth event of a type, from now or before. */
  event<T extends FeedEvent['type']>(type: T, nth?: number): Promise<Extract<FeedEvent, {type: T}>>
  /** The ids of the next messages, exactly so many. */
  take(count: number): Promise<number[]>
}

const running: {feed?: RoomFeed; server: WsStub}[] = []

/** Ends what the tests of a file have left open. */
export async function stopRigs(): Promise<void> {
  for (const {feed, server} of running.splice(0)) {
    await feed?.close()
    await server.stop()
  }
}

/** Opens a feed of room 15. `prepare` runs before it connects; sleeps are noted and end at once unless `sleep` is given. */
export async function openRig(
  options: Partial<RoomFeedOptions> & {
    autoPong?: boolean
    sleep?: (signal: AbortSignal) => Promise<void>
  } = {},
  prepare: (server: WsStub) => unknown = () => {},
): Promise<Rig> {
  const {autoPong = true, sleep, ...feedOptions} = options
  const server = await startWsStub({autoPong})
  const {url} = server
  await prepare(server)
  const timers = new ManualTimers()
  const events: FeedEvent[] = []
  const waiting: (() => void)[] = []
  const refusals: boolean[] = []
  const slept: number[] = []
  const feed = openRoomFeed({
    roomId: 15,
    connect: async (signal, {tokenRefused}) => {
      refusals.push(tokenRefused)
      return {connection: await openConnection({url, signal, timers}), token: `token-${refusals.length}`}
    },
    history: server.readHistory,
    effects: {
      now: timers.now,
      random: timers.random,
      sleep: async (delayMs, signal) => {
        slept.push(delayMs)
        await sleep?.(signal)
      },
    },
    onState: event => {
      events.push(event)
      for (const wake of waiting.splice(0)) wake()
    },
    ...feedOptions,
  })
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
    take: count => take(feed, count),
  }
}

async function take(feed: RoomFeed, count: number): Promise<number[]> {
  const ids: number[] = []
  while (ids.length < count) {
    const batch = await feed.nextBatch()
    if (batch === undefined) throw new Error(`the feed ended after ${ids.length} of ${count} messages`)
    ids.push(...batch.map(({id}: Message) => id))
  }
  return ids
}

/** Resolves to what the feed ends with; messages before are dropped. */
export async function ending(feed: RoomFeed): Promise<unknown> {
  try {
    while ((await feed.nextBatch()) !== undefined);
    return undefined
  } catch (error) {
    return error
  }
}
