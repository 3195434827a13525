import {describe, expect, it} from 'vitest'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import type {ChannelStart, FeedOptions} from '../../../../src/lib/realtime/feed/feed-types.js'
import {ModelServer} from './feed-model.js'
import {CHANNELS, DM, idsOf, OTHER, ROOM, turn, World} from './feed-world.js'

const traits = {acks: true, knowsAfterId: true, isDated: false, pageRows: 100, readsEarly: false}

async function live(
  channels: readonly ChannelStart[] = CHANNELS.map(channel => ({channel})),
  options: Partial<FeedOptions> = {},
  server = new ModelServer(traits),
) {
  const world = new World(server, channels, options)
  await world.drain()
  return {server, world}
}

describe('a feed of several channels', () => {
  it('joins all rooms back to back, and is ready when all are filled', async () => {
    const server = new ModelServer(traits)
    for (const channel of [ROOM, DM, ROOM]) server.post(channel, 'sent', false)
    const {world} = await live(undefined, {}, server)
    expect(server.received.map(({type, data}) => [type, data.room_id])).toEqual([
      ['authenticate', undefined],
      ['join_room', 1],
      ['join_room', 2],
    ])
    const lastIds = [3, 0, 2]
    expect(world.events('ready')).toEqual([
      {type: 'ready', channels: CHANNELS.map((channel, n) => ({channel, lastId: lastIds[n]}))},
    ])
    await world.close()
  })

  it('says of each message where it is from, and tells gaps by channel', async () => {
    const {server, world} = await live()
    server.post(ROOM, 'sent', false)
    server.post(DM, 'sent', false)
    await world.drain()
    server.connection?.cut()
    for (const channel of [DM, OTHER, DM]) server.post(channel, 'sent', false)
    await world.wait(9)
    await world.drain()
    expect(CHANNELS.map(channel => idsOf(world.items, channel))).toEqual([[1], [4], [2, 3, 5]])
    expect(world.events('gap_filled')).toEqual(
      expect.arrayContaining([
        {type: 'gap_filled', channel: OTHER, from: 4, to: 4, count: 1},
        {type: 'gap_filled', channel: DM, from: 3, to: 5, count: 2},
      ]),
    )
    expect(world.items.at(-1)).toMatchObject({event: {type: 'reconnected', downMs: expect.any(Number)}})
    expect(world.feed.counters).toMatchObject({delivered: 5, reconnects: 1, gapFilled: 3, late: 0})
    const places = world.items.flatMap(item => (item.type === 'message' ? [item.message] : []))
    expect(places.map(({room_id, conversation_id}) => room_id ?? conversation_id)).toEqual(
      expect.arrayContaining([1, 3, 2, 3, 3]),
    )
    await world.close()
  })

  it('ends when one of its rooms is refused', async () => {
    const {server, world} = await live()
    server.send('error', {code: 'PERMISSION_DENIED', details: {room_id: 9}})
    await world.drain()
    expect(world.error).toBeUndefined()
    server.send('error', {code: 'PERMISSION_DENIED', details: {room_id: 2}})
    await world.drain()
    expect(world.error).toMatchObject({code: 'forbidden'})
  })

  it('without any channel is ready too', async () => {
    const {world} = await live([], {}, new ModelServer({...traits, acks: false}))
    expect(world.events('ready')).toEqual([{type: 'ready', channels: []}])
    await world.close()
  })
})

describe('discovery', () => {
  const discovering = (found: readonly Channel[] = []) => {
    const calls = {count: 0, found}
    const discover = async () => {
      calls.count += 1
      return calls.found
    }
    return {calls, discover}
  }

  it('follows a new room from now on and a new conversation from its beginning', async () => {
    const {calls, discover} = discovering()
    const {server, world} = await live([{channel: ROOM}], {discover})
    expect(calls.count).toBe(0)
    for (const channel of [OTHER, DM]) server.post(channel, 'sent', false)
    calls.found = [ROOM, OTHER, DM]
    await world.wait(35)
    await world.drain()
    for (const channel of [OTHER, DM]) server.post(channel, 'sent', false)
    await world.drain()
    expect(CHANNELS.map(channel => idsOf(world.items, channel))).toEqual([[], [3], [2, 4]])
    expect(world.events('ready')).toHaveLength(1)
    await world.close()
  })

  it('looks at each reconnection, and the new channels are live when it is done', async () => {
    const {calls, discover} = discovering([OTHER])
    const {server, world} = await live([{channel: ROOM}], {discover, reconcileEveryMs: 0})
    server.connection?.cut()
    await world.wait(9)
    await world.drain()
    expect(calls.count).toBe(1)
    server.post(OTHER, 'sent', false)
    await world.drain()
    expect([idsOf(world.items, OTHER), world.events('reconnected').length]).toEqual([[1], 1])
    await world.close()
  })

  it('looks at once when a message of an unknown conversation comes, and only once for one it does not find', async () => {
    const {calls, discover} = discovering([DM])
    const {server, world} = await live([{channel: ROOM}], {discover})
    server.post(DM, 'sent', false)
    await world.drain()
    expect([idsOf(world.items, DM), calls.count]).toEqual([[1], 1])
    for (const id of [8, 9]) server.send('dm_message', {id, content: 'x', conversation_id: 77})
    await world.drain()
    expect(calls.count).toBe(2)
    expect(world.items.filter(({type}) => type === 'frame')).toEqual([])
    await world.close()
  })

  it('leaves conversations alone where nothing discovers them', async () => {
    const {server, world} = await live([{channel: ROOM}])
    server.post(DM, 'sent', false)
    await world.drain()
    expect(idsOf(world.items, DM)).toEqual([])
    await world.close()
  })

  it('ends the feed when it fails for good', async () => {
    const refused = new VezaError('forbidden', 'no')
    const {world} = await live([{channel: ROOM}], {discover: () => Promise.reject(refused)})
    await world.wait(35)
    await world.drain()
    expect(world.error).toBe(refused)
  })
})

describe('reconciliation', () => {
  it('gives late what was never broadcast, marked so, at the next beat', async () => {
    const {server, world} = await live()
    server.post(ROOM, 'swallowed', false)
    server.post(ROOM, 'sent', false)
    await world.drain()
    expect(idsOf(world.items, ROOM)).toEqual([2])
    await world.wait(45)
    await world.drain()
    const given = world.items.flatMap(item =>
      item.type === 'message' ? [[item.message.id, item.late, item.message.room_id]] : [],
    )
    expect(given).toEqual([
      [2, false, 1],
      [1, true, 1],
    ])
    expect(world.feed.counters.late).toBe(1)
    await world.close()
  })

  it('on demand resolves when what was missing is in the stream, also without beats', async () => {
    const {server, world} = await live(undefined, {reconcileEveryMs: 0})
    server.post(DM, 'swallowed', false)
    let done = false
    void world.feed.reconcile().then(() => {
      done = true
    })
    await turn()
    expect(done).toBe(false)
    await world.drain()
    await world.wait(2)
    await world.drain()
    expect([done, idsOf(world.items, DM)]).toEqual([true, [1]])
    await world.close()
  })

  it('on demand waits for the connection, and resolves at the end of the feed', async () => {
    const {server, world} = await live(undefined, {reconcileEveryMs: 0})
    server.connection?.cut()
    const demand = world.feed.reconcile()
    await turn()
    await world.close()
    await demand
    await world.feed.reconcile()
  })

  it('tries again at the next beat after a failure that can pass, without a word', async () => {
    const {server, world} = await live()
    server.post(ROOM, 'swallowed', false)
    server.failures = 1
    await world.wait(45)
    await world.drain()
    expect(idsOf(world.items, ROOM)).toEqual([])
    await world.wait(45)
    await world.drain()
    expect(idsOf(world.items, ROOM)).toEqual([1])
    expect(world.items.filter(({type}) => type === 'event')).toHaveLength(1)
    await world.close()
  })

  it.each([
    ['goes on with the others where one cannot be read now', new VezaError('not_protocol', 'HTML'), [1], 3],
    ['leaves the others for the next beat at a rate limit', new VezaError('rate_limited', 'later'), [], 1],
  ])('%s', async (_what, error, late, reads) => {
    const {server, world} = await live()
    server.post(DM, 'swallowed', false)
    server.broken = {channel: ROOM, error}
    server.asked.length = 0
    await world.wait(45)
    await world.drain()
    expect([idsOf(world.items, DM), server.asked.length]).toEqual([late, reads])
    server.broken = undefined
    await world.wait(45)
    await world.drain()
    expect(idsOf(world.items, DM)).toEqual([1])
    await world.close()
  })

  it.each(['not_found', 'forbidden', 'bug'] as const)('ends the feed with %s', async code => {
    const {server, world} = await live()
    server.failure = new VezaError(code, 'it is so')
    server.failures = 1
    await world.wait(45)
    await world.drain()
    expect(world.error).toMatchObject({code})
  })

  it('settles what was read twice, and tells so by a checkpoint after it', async () => {
    const {server, world} = await live([{channel: ROOM, afterId: 0}])
    server.post(ROOM, 'sent', false)
    await world.drain()
    await world.wait(108)
    await world.drain()
    expect(world.items.filter(({type}) => type === 'checkpoint')).toEqual([
      {type: 'checkpoint', channel: ROOM, id: 0},
      {type: 'checkpoint', channel: ROOM, id: 1},
    ])
    expect(world.items.at(-1)).toMatchObject({type: 'checkpoint', id: 1})
    await world.close()
  })

  it('reads twenty pages a beat, and goes on at the next one where it was', async () => {
    const server = new ModelServer({...traits, isDated: true, pageRows: 10})
    const {world} = await live([{channel: ROOM}, {channel: OTHER}], {}, server)
    for (let n = 0; n < 599; n += 1) server.post(ROOM, 'sent', false)
    server.post(ROOM, 'swallowed', false)
    await world.drain()
    const pages: number[] = []
    for (let beat = 0; beat < 2; beat += 1) {
      server.asked.length = 0
      await world.wait(33)
      await world.drain()
      pages.push(server.asked.length)
      expect(world.feed.counters.late).toBe(0)
    }
    expect(pages).toEqual([22, 22])
    await world.wait(45)
    await world.drain()
    expect([world.feed.counters.late, idsOf(world.items, ROOM).length]).toEqual([1, 600])
    await world.close()
  })

  it('reads as many pages as there are on demand', async () => {
    const server = new ModelServer({...traits, pageRows: 10})
    const {world} = await live([{channel: ROOM}], {}, server)
    for (let n = 0; n < 599; n += 1) server.post(ROOM, 'sent', false)
    server.post(ROOM, 'swallowed', false)
    await world.drain()
    void world.feed.reconcile()
    await world.wait(9)
    await world.drain()
    expect(world.feed.counters.late).toBe(1)
    await world.close()
  })

  it('looks at ten channels a beat, in turn, and at all on demand', async () => {
    const rooms = Array.from({length: 25}, (_, n) => ({channel: {kind: 'room', id: n + 1} as const}))
    const {server, world} = await live(rooms)
    const looked: number[][] = []
    for (let beat = 0; beat < 3; beat += 1) {
      server.asked.length = 0
      await world.wait(33)
      await world.drain()
      looked.push(server.asked.map(({id}) => id))
    }
    expect(looked.map(ids => ids.length)).toEqual([10, 10, 10])
    expect(new Set(looked.flat()).size).toBe(25)
    server.asked.length = 0
    void world.feed.reconcile()
    await turn()
    await world.drain()
    expect(server.asked).toHaveLength(25)
    await world.close()
  })
})
