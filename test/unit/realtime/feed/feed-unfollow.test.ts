import {describe, expect, it} from 'vitest'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import type {ChannelStart, FeedOptions} from '../../../../src/lib/realtime/feed/feed-types.js'
import {ModelServer, type ModelTraits} from './feed-model.js'
import {DM, EVERY_MS, idsOf, OTHER, ROOM, turn, World} from './feed-world.js'
import {messagesOf} from './follower.js'

const traits: ModelTraits = {acks: true, knowsAfterId: true, isDated: false, pageRows: 100, readsEarly: false}
const start = (channel: Channel, afterId: number | undefined = 0) => ({channel: {...channel}, afterId})

async function live(
  channels: readonly ChannelStart[],
  options: Partial<FeedOptions> = {},
  server = new ModelServer(traits),
) {
  const world = new World(server, channels, {reconcileEveryMs: 0, ...options})
  await world.drain()
  return {server, world, feed: world.feed}
}

/** Hands over as many frames, while history waits. */
async function deliver(server: ModelServer, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    server.connection?.deliver()
    await turn()
  }
}

describe('following no longer', () => {
  it('leaves the room, and gives no more of it; the others go on', async () => {
    const {server, world, feed} = await live([start(ROOM), start(OTHER), start(DM)])
    feed.unfollow([{...ROOM}, {...DM}, {kind: 'room', id: 77}])
    for (const channel of [ROOM, OTHER, DM]) server.post(channel, 'sent', false)
    server.send('reaction_added', {room_id: 1})
    await world.drain()
    expect([ROOM, OTHER, DM].map(channel => idsOf(world.items, channel))).toEqual([[], [2], []])
    expect(server.received.filter(({type}) => type === 'leave_room').map(({data}) => data)).toEqual([
      {room_id: 1},
    ])
    expect(world.items.filter(({type}) => type === 'frame')).toEqual([])
    await world.close()
  })

  it('ends a fill, and what waited only for that is live', async () => {
    const server = new ModelServer(traits)
    server.post(ROOM, 'sent', false)
    const world = new World(server, [start(ROOM), start(OTHER)], {reconcileEveryMs: 0})
    await turn()
    while (server.connection?.deliver() === true) await turn()
    world.feed.unfollow([ROOM])
    server.answer()
    server.answer()
    await turn()
    expect([idsOf(world.items, ROOM), world.items.length]).toEqual([[], 2])
    expect(world.events('ready')).toEqual([{type: 'ready', channels: [{channel: OTHER, lastId: 0}]}])
    await world.close()
  })

  it('is enough to be live where it was the last that was not', async () => {
    const server = new ModelServer(traits)
    const world = new World(server, [start(ROOM)], {reconcileEveryMs: 0})
    await turn()
    while (server.connection?.deliver() === true) await turn()
    world.feed.unfollow([ROOM])
    await turn()
    expect(world.events('ready')).toEqual([{type: 'ready', channels: []}])
    await world.close()
  })

  it('ends a comparison, which goes on with the others', async () => {
    const {server, world, feed} = await live([start(ROOM), start(OTHER)], {reconcileEveryMs: EVERY_MS})
    for (const channel of [ROOM, OTHER]) server.post(channel, 'swallowed', false)
    let isDone = false
    void feed.reconcile().then(() => {
      isDone = true
    })
    await turn()
    feed.unfollow([ROOM])
    await world.drain()
    await world.wait(2)
    await world.drain()
    expect([idsOf(world.items, ROOM), idsOf(world.items, OTHER), isDone]).toEqual([[], [2], true])
    expect(world.error).toBeUndefined()
    await world.close()
  })

  it('gives back what was held for it, so that the others are read again', async () => {
    const {server, world, feed} = await live([start(ROOM)])
    feed.follow([start(OTHER)])
    while (server.connection?.deliver() === true) await turn()
    for (let n = 0; n < 1_000; n += 1) server.post(OTHER, 'sent', false)
    server.post(ROOM, 'sent', false)
    while (server.connection?.deliver() === true);
    await turn()
    expect([feed.state.waiting, idsOf(world.items, ROOM)]).toEqual([1_000, []])
    feed.unfollow([OTHER])
    expect(feed.state.waiting).toBe(0)
    while (server.connection?.deliver() === true);
    await turn()
    expect(idsOf(world.items, ROOM)).toEqual([1_001])
    await world.close()
  })

  it('leaves what waits for a slow reader where it is', async () => {
    const first = start(ROOM)
    const {server, world, feed} = await live([first])
    for (let n = 0; n < 1_500; n += 1) server.post(ROOM, 'sent', false)
    // Without a turn between them, so that the reader cannot keep up.
    while (server.connection?.deliver() === true);
    expect(feed.state.waiting).toBe(1_000)
    feed.unfollow([ROOM])
    const second = start(ROOM, 1_000)
    feed.follow([second])
    await world.drain()
    expect(messagesOf(world.items, first.channel)).toHaveLength(1_000)
    expect(messagesOf(world.items, second.channel)).toEqual(Array.from({length: 500}, (_, n) => 1_001 + n))
    await world.close()
  })

  it('is not undone by a look for channels', async () => {
    const {server, world, feed} = await live([start(ROOM), start(DM)], {
      discover: async () => [ROOM, OTHER, DM],
    })
    feed.unfollow([OTHER, DM])
    server.post(DM, 'sent', false)
    await world.drain()
    server.connection?.cut()
    await world.wait(9)
    await world.drain()
    expect([idsOf(world.items, DM), server.received.filter(({data}) => data.room_id === 2)]).toEqual([[], []])
    feed.follow([start(DM)])
    await world.drain()
    expect(idsOf(world.items, DM)).toEqual([1])
    await world.close()
  })

  it('lets no counter go back', async () => {
    const {server, world, feed} = await live([start(ROOM)])
    server.post(ROOM, 'twice', false)
    await world.drain()
    feed.unfollow([ROOM])
    expect(feed.counters).toMatchObject({delivered: 1, duplicates: 1})
    feed.unfollow([ROOM])
    feed.follow([start(ROOM, 1)])
    server.post(ROOM, 'twice', false)
    await world.drain()
    expect(feed.counters.duplicates).toBeGreaterThanOrEqual(1)
    await world.close()
  })
})

describe('following again', () => {
  /** A room that was followed from its beginning, with one message, and all that its first join brings. */
  async function followed(kind: Partial<ModelTraits>) {
    const rig = await live([start(ROOM)], {}, new ModelServer({...traits, ...kind}))
    rig.server.post(ROOM, 'sent', false)
    await rig.world.drain()
    return rig
  }

  it.each([
    {acks: true},
    {acks: false},
    {acks: true, handles: 'in turn'},
    {acks: false, handles: 'in turn'},
    {acks: true, handles: 'pings first'},
  ] as const)('takes what an old join still brings for no sign of the new one: %o', async kind => {
    const {server, world, feed} = await followed(kind)
    server.post(ROOM, 'sent', false)
    feed.unfollow([ROOM])
    const second = start(ROOM, 1)
    feed.follow([second])
    await deliver(server, 1)
    server.answer()
    await turn()
    // Where frames are handled in turn the room is left by now.
    server.post(ROOM, 'sent', false)
    await world.drain()
    server.post(ROOM, 'sent', false)
    await world.drain()
    expect(messagesOf(world.items, second.channel)).toEqual([2, 3, 4])
    await world.close()
  })

  it('takes the pong of an old join for none of the new one', async () => {
    const {server, world, feed} = await live(
      [],
      {},
      new ModelServer({...traits, acks: false, handles: 'in turn'}),
    )
    feed.follow([start(ROOM)])
    feed.unfollow([ROOM])
    const second = start(ROOM)
    feed.follow([second])
    // The old join, its ping, and the leave.
    await deliver(server, 3)
    server.answer()
    await turn()
    server.post(ROOM, 'sent', false)
    await world.drain()
    expect(messagesOf(world.items, second.channel)).toEqual([1])
    await world.close()
  })

  it('takes the acknowledgement of an old join for none of the new one', async () => {
    const server = new ModelServer({...traits, handles: 'pings first'})
    server.post(ROOM, 'sent', false)
    const {world, feed} = await live([], {}, server)
    feed.follow([start(ROOM)])
    feed.unfollow([ROOM])
    const second = start(ROOM)
    feed.follow([second])
    // The old join and the leave are handled, both pongs have come, history was read.
    await deliver(server, 2)
    server.answer()
    await turn()
    server.post(ROOM, 'sent', false)
    await world.drain()
    expect(messagesOf(world.items, second.channel)).toEqual([1, 2])
    await world.close()
  })

  it('waits for no acknowledgement of a join that was refused while the room was not followed', async () => {
    const {server, world, feed} = await live(
      [],
      {},
      new ModelServer({...traits, acks: false, handles: 'pings first'}),
    )
    feed.follow([start(ROOM)])
    feed.unfollow([ROOM])
    server.send('error', {code: 'PERMISSION_DENIED', details: {room_id: 1}})
    await world.drain()
    feed.follow([start(ROOM)])
    // The leave and the new join are not handled before the pong has come, and history was read.
    await deliver(server, 1)
    server.answer()
    await turn()
    server.post(ROOM, 'swallowed', false)
    server.send('room_joined', {room_id: 1, last_message_id: 1})
    await world.drain()
    expect(idsOf(world.items, ROOM)).toEqual([1])
    await world.close()
  })

  it('takes a message of the old join that a pong has overtaken for no sign', async () => {
    const {server, world, feed} = await followed({handles: 'pings first'})
    feed.unfollow([ROOM])
    const second = start(ROOM, 1)
    feed.follow([second])
    server.post(ROOM, 'sent', false)
    await deliver(server, 1)
    server.answer()
    await turn()
    server.post(ROOM, 'sent', false)
    await world.drain()
    expect(messagesOf(world.items, second.channel)).toEqual([2, 3])
    await world.close()
  })

  it('is not kept waiting by a flood that the old join has left on its way', async () => {
    const {server, world, feed} = await live([start(ROOM)])
    for (let n = 0; n < 1_500; n += 1) server.post(ROOM, 'sent', false)
    feed.unfollow([ROOM])
    const second = start(ROOM)
    feed.follow([second])
    while (server.connection?.deliver() === true);
    await world.drain()
    expect(messagesOf(world.items, second.channel)).toHaveLength(1_500)
    await world.close()
  })

  it('begins anew, whatever was given before', async () => {
    const {server, world, feed} = await followed({})
    feed.unfollow([ROOM])
    const [second, third] = [start(ROOM), {channel: {...ROOM}}]
    feed.follow([second])
    await world.drain()
    feed.unfollow([ROOM])
    feed.follow([third])
    await world.drain()
    server.post(ROOM, 'sent', false)
    await world.drain()
    expect([second, third].map(({channel}) => messagesOf(world.items, channel))).toEqual([[1], [2]])
    await world.close()
  })
})
