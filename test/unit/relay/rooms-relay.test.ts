import {expect, test, vi} from 'vitest'
import type {Channel} from '../../../src/lib/realtime/channel.js'
import type {ChannelStart, Feed, FeedItem} from '../../../src/lib/realtime/feed/feed-types.js'
import {RoomsRelay} from '../../../src/lib/relay/rooms-relay.js'
import {away} from '../../../src/lib/state/redis/errors.js'
import type {PartAnswer, RoomPart, StoredRoom} from '../../../src/lib/state/redis/room-store.js'

const lease = (id: number, token = 1) => ({name: `room:${id}`, token})

/** A feed that gives out what it is told to. */
class ManualFeed {
  readonly followed: ChannelStart[] = []
  readonly unfollowed: Channel[] = []
  reads = 0
  #batches: (readonly FeedItem[])[] = []
  #isClosed = false
  #wake: (() => void) | undefined

  follow(starts: readonly ChannelStart[]): void {
    this.followed.push(...starts)
  }
  unfollow(channels: readonly Channel[]): void {
    this.unfollowed.push(...channels)
  }
  async nextBatch(): Promise<readonly FeedItem[] | undefined> {
    this.reads += 1
    while (this.#batches.length === 0 && !this.#isClosed)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    return this.#batches.shift()
  }
  async close(): Promise<void> {
    this.#isClosed = true
    this.#wake?.()
  }
  give(items: readonly FeedItem[]): void {
    this.#batches.push(items)
    this.#wake?.()
  }
  /** The channel of a room as it was followed last. */
  channel(id: number): Channel {
    return this.followed.findLast(({channel}) => channel.id === id)!.channel
  }
}

function rig() {
  const feed = new ManualFeed()
  const parts: RoomPart[] = []
  const told: unknown[] = []
  const [reading, trying] = [new AbortController(), new AbortController()]
  const state = {
    nowMs: 0,
    stored: new Map<string, StoredRoom>(),
    answer: (_part: RoomPart): PartAnswer => 'written',
    gate: Promise.resolve() as Promise<unknown>,
    reading: Promise.resolve() as Promise<unknown>,
    starting: Promise.resolve() as Promise<unknown>,
  }
  const relay = new RoomsRelay({
    feed: feed as unknown as Feed,
    store: {
      claim: async owner => owner,
      read: async names => {
        await state.reading
        return names.map(name => state.stored.get(name))
      },
      write: async some => {
        await state.gate
        parts.push(...some)
        return some.map(part => state.answer(part))
      },
    },
    owner: 'http://chat.example',
    now: () => state.nowMs,
    startOf: async channel => {
      await state.starting
      return {channel, last: 3}
    },
    effects: {random: () => 0, sleep: () => new Promise(resolve => void setImmediate(resolve))},
    reading: reading.signal,
    signal: trying.signal,
    onChange: () => undefined,
    onEmptied: names => told.push(['emptied', names]),
    onWritten: () => undefined,
    onTrouble: () => undefined,
    onFailure: error => told.push(error),
  })
  const settled = async (followed: number) => {
    await vi.waitFor(() => expect(feed.followed).toHaveLength(followed), {interval: 1})
  }
  const message = (id: number, room: number, channel = feed.channel(room)): FeedItem => ({
    type: 'message',
    channel,
    message: {id, content: 'x', room_id: room},
    late: false,
  })
  const checkpoint = (id: number, room: number): FeedItem => ({
    type: 'checkpoint',
    channel: feed.channel(room),
    id,
  })
  const ids = () =>
    parts.flatMap(({words}) => words.flatMap((word, at) => (word === 'id' ? [Number(words[at + 1])] : [])))
  return {relay, feed, parts, told, reading, trying, state, settled, message, checkpoint, ids}
}

test('a room goes on where Redis says, else where it was asked for; its messages are written', async () => {
  const {relay, feed, state, settled, message, checkpoint, ids, parts} = rig()
  state.stored.set('room:1', {seq: 4, afterId: 10, done: '.N.P'})
  relay.gained([lease(1), lease(2)], 1)
  await settled(2)
  expect(feed.followed).toEqual([
    {channel: {kind: 'room', id: 1}, afterId: 10, delivered: [13, 15], seenTo: 15},
    {channel: {kind: 'room', id: 2}, last: 3},
  ])
  expect([relay.isKnown, relay.rooms, relay.counters.takenOver]).toEqual([false, 2, 1])
  const running = relay.run()
  feed.give([checkpoint(20, 2), message(21, 2), message(16, 1)])
  await vi.waitFor(() => expect(relay.counters.written).toBe(2), {interval: 1})
  expect(relay.isKnown).toBe(true)
  expect(ids().sort()).toEqual([16, 21])
  expect(parts.find(({name}) => name === 'room:1')).toMatchObject({seq: 4, token: 1, afterId: 10})
  await feed.close()
  await running
})

test('a room that is lost while it is looked up is not followed', async () => {
  const {relay, feed, state, settled} = rig()
  let go = (): void => undefined
  state.reading = new Promise<void>(resolve => {
    go = resolve
  })
  relay.gained([lease(1), lease(2)], 0)
  relay.lost([lease(1)])
  go()
  await settled(1)
  expect(feed.followed.map(({channel}) => channel.id)).toEqual([2])
  expect(relay.rooms).toBe(1)
})

test('a room that is given away while others are looked up is not followed, and once it is back it is', async () => {
  const {relay, feed, state, settled} = rig()
  let go = (): void => undefined
  state.stored.set('room:1', {seq: 4, afterId: 10, done: ''})
  state.starting = new Promise<void>(resolve => {
    go = resolve
  })
  relay.gained([lease(1), lease(2)], 0)
  await new Promise(setImmediate)
  await relay.handOver([lease(1)])
  go()
  await settled(1)
  expect(feed.followed.map(({channel}) => channel.id)).toEqual([2])
  relay.gained([lease(1, 3)], 0)
  await settled(2)
  expect(feed.followed.map(({channel}) => channel.id)).toEqual([2, 1])
})

test('a room that is handed over is written to the end of what was taken, and no further', async () => {
  const {relay, feed, state, settled, message, ids} = rig()
  relay.gained([lease(1)], 0)
  await settled(1)
  const running = relay.run()
  let go = (): void => undefined
  state.gate = new Promise<void>(resolve => {
    go = resolve
  })
  feed.give([message(1, 1), message(2, 1)])
  await vi.waitFor(() => expect(relay.pending).toBe(2), {interval: 1})
  let isOver = false
  const over = relay.handOver([lease(1)]).then(() => {
    isOver = true
  })
  expect(feed.unfollowed).toEqual([feed.channel(1)])
  feed.give([message(3, 1)])
  await new Promise(setImmediate)
  expect([isOver, relay.rooms]).toEqual([false, 0])
  go()
  await over
  expect(ids()).toEqual([1, 2])
  await feed.close()
  await running
})

test('what came before a room was given away and got back counts for nothing', async () => {
  const {relay, feed, settled, message, ids} = rig()
  relay.gained([lease(1)], 0)
  await settled(1)
  const before = feed.channel(1)
  relay.lost([lease(1)])
  relay.gained([lease(1, 2)], 0)
  await settled(2)
  const running = relay.run()
  feed.give([message(1, 1, before), message(2, 1)])
  await vi.waitFor(() => expect(relay.counters.written).toBe(1), {interval: 1})
  expect(ids()).toEqual([2])
  await feed.close()
  await running
})

test('a fenced room is let go; where Redis has forgotten all of it, it goes on behind what was written', async () => {
  const {relay, feed, state, settled, message, told} = rig()
  relay.gained([lease(1)], 0)
  await settled(1)
  const running = relay.run()
  feed.give([message(5, 1)])
  await vi.waitFor(() => expect(relay.counters.written).toBe(1), {interval: 1})
  state.answer = () => 'fenced'
  feed.give([message(6, 1)])
  await vi.waitFor(() => expect(relay.counters.fenced).toBe(1), {interval: 1})
  expect([relay.rooms, relay.pending, feed.unfollowed.length]).toEqual([0, 0, 1])
  relay.lost([lease(1)])
  relay.gained([lease(1, 2)], 0)
  await settled(2)
  expect(feed.followed[1]).toEqual({channel: {kind: 'room', id: 1}, afterId: 5})
  expect(told).toEqual([['emptied', ['room:1']]])
  relay.lost([lease(1, 2)])
  state.nowMs = 300_001
  relay.gained([lease(1, 3)], 0)
  await settled(3)
  expect(feed.followed[2]).toEqual({channel: {kind: 'room', id: 1}, last: 3})
  await feed.close()
  await running
})

test('a Redis that has gone back is asked anew how far the room is', async () => {
  const {relay, feed, state, settled, message, ids} = rig()
  state.stored.set('room:1', {seq: 9, afterId: 30, done: ''})
  relay.gained([lease(1)], 0)
  await settled(1)
  const running = relay.run()
  state.stored.set('room:1', {seq: 3, afterId: 20, done: ''})
  state.answer = ({seq}) => (seq === 3 ? 'written' : 'rewound')
  feed.give([message(31, 1)])
  await settled(2)
  expect(feed.followed[1]).toMatchObject({afterId: 20})
  feed.give([message(21, 1)])
  await vi.waitFor(() => expect(relay.counters.written).toBe(1), {interval: 1})
  expect([ids(), relay.rooms, relay.counters.fenced]).toEqual([[31, 21], 1, 0])
  await feed.close()
  await running
})

test('while Redis does not keep up the feed is not read; a signal ends the wait', async () => {
  const {relay, feed, state, settled, message, reading, trying} = rig()
  relay.gained([lease(1)], 0)
  await settled(1)
  state.gate = Promise.reject(away('redis:6379', 'ECONNREFUSED'))
  state.gate.catch(() => undefined)
  const running = relay.run()
  for (let nth = 0; nth < 5; nth += 1)
    feed.give(Array.from({length: 1_000}, (_, at) => message(nth * 1_000 + at + 1, 1)))
  await vi.waitFor(() => expect(relay.pending).toBe(5_000), {interval: 1})
  feed.give([message(9_000, 1)])
  await new Promise(setImmediate)
  expect(feed.reads).toBe(5)
  reading.abort()
  await running
  trying.abort()
  await relay.finish()
  await relay.handOver([lease(1)])
  expect(relay.counters.written).toBe(0)
})
