import {describe, expect, it} from 'vitest'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import type {ChannelStart, Dialled, FeedOptions} from '../../../../src/lib/realtime/feed/feed-types.js'
import {ModelServer, type ModelTraits} from './feed-model.js'
import {CHANNELS, DM, idsOf, OTHER, ROOM, turn, World} from './feed-world.js'
import {messagesOf} from './follower.js'

const traits: ModelTraits = {acks: true, knowsAfterId: true, isDated: false, pageRows: 100, readsEarly: false}

async function live(
  channels: readonly ChannelStart[] = [],
  options: Partial<FeedOptions> = {},
  server = new ModelServer(traits),
) {
  const world = new World(server, channels, {reconcileEveryMs: 0, ...options})
  await world.drain()
  return {server, world, feed: world.feed}
}

/** A start of its own, whose object no other has. */
const start = (channel: Channel, afterId: number | undefined = 0) => ({channel: {...channel}, afterId})

const sent = (server: ModelServer, type: string) =>
  server.received.filter(frame => frame.type === type).map(({data}) => data.room_id)

describe('following more', () => {
  it('of a feed that began with nothing: history from the start, then live, each with the object of its start', async () => {
    const {server, world, feed} = await live()
    expect([world.events('ready'), feed.state.isLive]).toEqual([[{type: 'ready', channels: []}], true])
    for (const channel of CHANNELS) server.post(channel, 'sent', false)
    const starts = CHANNELS.map(channel => start(channel))
    feed.follow(starts)
    await world.drain()
    for (const channel of CHANNELS) server.post(channel, 'sent', false)
    await world.drain()
    expect(starts.map(({channel}) => messagesOf(world.items, channel))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ])
    for (const {channel} of starts) {
      const own = world.items.filter(item => item.type === 'checkpoint' && item.channel === channel)
      expect(own).toEqual([{type: 'checkpoint', channel, id: 0}])
    }
    expect(world.events('ready')).toHaveLength(1)
    await world.close()
  })

  it('begins from now on, with the last messages, or without those that were delivered', async () => {
    const {server, world, feed} = await live()
    for (const channel of [ROOM, OTHER, OTHER, DM, DM]) server.post(channel, 'sent', false)
    feed.follow([{channel: ROOM}, {channel: OTHER, last: 1}, {channel: DM, afterId: 0, delivered: [4]}])
    await world.drain()
    for (const channel of CHANNELS) server.post(channel, 'sent', false)
    await world.drain()
    expect(CHANNELS.map(channel => idsOf(world.items, channel))).toEqual([[6], [3, 7], [5, 8]])
    await world.close()
  })

  it('of one that is followed already changes nothing', async () => {
    const first = start(ROOM)
    const {server, world, feed} = await live([first])
    server.post(ROOM, 'sent', false)
    await world.drain()
    feed.follow([start(ROOM)])
    expect(server.connection?.outgoing).toEqual([])
    await world.drain()
    server.post(ROOM, 'sent', false)
    await world.drain()
    expect([messagesOf(world.items, first.channel), sent(server, 'join_room')]).toEqual([[1, 2], [1]])
    await world.close()
  })

  it('while the connection is opened, or is away, happens with the next one', async () => {
    const server = new ModelServer(traits)
    let open = (): void => {}
    const isOpen = new Promise<void>(resolve => {
      open = resolve
    })
    const connect = async (): Promise<Dialled> => {
      await isOpen
      return server.dial()
    }
    const {world, feed} = await live([], {connect}, server)
    for (const channel of [ROOM, OTHER, DM]) server.post(channel, 'sent', false)
    feed.follow([start(ROOM), start(DM)])
    feed.unfollow([DM])
    open()
    await world.drain()
    expect(world.events('ready')).toEqual([{type: 'ready', channels: [{channel: ROOM, lastId: 1}]}])
    server.connection?.cut()
    feed.follow([start(OTHER)])
    feed.unfollow([ROOM])
    await world.wait(9)
    await world.drain()
    expect(CHANNELS.map(channel => idsOf(world.items, channel))).toEqual([[1], [2], []])
    expect([sent(server, 'join_room'), world.events('reconnected').length]).toEqual([[1, 2], 1])
    await world.close()
  })

  it('before the first joins were seen is part of what is waited for', async () => {
    const server = new ModelServer({...traits, handles: 'in turn'})
    const world = new World(server, [start(ROOM)], {reconcileEveryMs: 0})
    await turn()
    world.feed.follow([start(OTHER)])
    await world.drain()
    expect(world.events('ready').map(({channels}) => channels.map(({channel}) => channel))).toEqual([
      [ROOM, OTHER],
    ])
    await world.close()
  })

  it('waits for no fill of another, and needs no new pong for those that were seen', async () => {
    const {server, world, feed} = await live()
    server.post(ROOM, 'sent', false)
    server.post(OTHER, 'sent', false)
    feed.follow([start(ROOM)])
    while (server.connection?.deliver() === true) await turn()
    feed.follow([start(OTHER)])
    server.answer()
    await turn()
    expect([idsOf(world.items, ROOM), idsOf(world.items, OTHER)]).toEqual([[1], []])
    await world.drain()
    expect(idsOf(world.items, OTHER)).toEqual([2])
    await world.close()
  })

  it('is done by the next connection where this one breaks before the channel was filled', async () => {
    const {server, world, feed} = await live([start(ROOM)])
    server.post(OTHER, 'sent', false)
    feed.follow([start(OTHER)])
    while (server.connection?.deliver() === true) await turn()
    server.post(OTHER, 'sent', false)
    server.connection?.cut()
    await world.wait(9)
    await world.drain()
    expect([idsOf(world.items, OTHER), world.events('reconnected').length]).toEqual([[1, 2], 1])
    await world.close()
  })

  it('is no gap, but what is missing after a later break is one', async () => {
    const {server, world, feed} = await live()
    server.post(ROOM, 'sent', false)
    feed.follow([start(ROOM)])
    await world.drain()
    expect([world.events('gap_filled'), feed.counters.gapFilled]).toEqual([[], 0])
    server.connection?.cut()
    server.post(ROOM, 'sent', false)
    await world.wait(9)
    await world.drain()
    expect(world.events('gap_filled')).toEqual([
      {type: 'gap_filled', channel: ROOM, from: 2, to: 2, count: 1},
    ])
    await world.close()
  })

  it('above all of history is told', async () => {
    const {server, world, feed} = await live()
    server.post(ROOM, 'sent', false)
    feed.follow([start(ROOM, 99)])
    await world.drain()
    expect(world.events('warning').map(({message}) => message)).toEqual([
      'history of room 1 ends at 1, before 99 where this begins: nothing up to 99 will come',
    ])
    await world.close()
  })

  it('is covered by a comparison that is asked for right behind it', async () => {
    const {server, world, feed} = await live([], {}, new ModelServer({...traits, handles: 'in turn'}))
    server.post(ROOM, 'sent', false)
    feed.follow([start(ROOM)])
    let given: readonly number[] | undefined
    void feed.reconcile().then(() => {
      given = idsOf(world.items, ROOM)
    })
    await turn()
    expect(given).toBeUndefined()
    await world.drain()
    expect(given).toEqual([1])
    await world.close()
  })

  it('keeps such a comparison waiting where nothing shows that it was joined', async () => {
    const {server, world, feed} = await live([], {}, new ModelServer({...traits, acks: false}))
    Object.assign(server.connection ?? {}, {ping: () => {}})
    feed.follow([start(ROOM)])
    let isDone = false
    void feed.reconcile().then(() => {
      isDone = true
    })
    await world.wait(27)
    expect(isDone).toBe(false)
    server.post(ROOM, 'sent', false)
    await world.wait(18)
    expect([isDone, idsOf(world.items, ROOM)]).toEqual([true, [1]])
    await world.close()
  })

  it('keeps a comparison waiting no longer that was asked for before it', async () => {
    const {server, world, feed} = await live([start(ROOM)])
    let isDone = false
    void feed.reconcile().then(() => {
      isDone = true
    })
    await turn()
    feed.follow([start(OTHER)])
    server.answer()
    await turn()
    expect(isDone).toBe(true)
    await world.close()
  })

  it('fills a conversation at once, since nothing has to be joined', async () => {
    const {server, world, feed} = await live()
    server.post(DM, 'sent', false)
    feed.follow([start(DM)])
    await turn()
    server.answer()
    await turn()
    expect(idsOf(world.items, DM)).toEqual([1])
    await world.close()
  })

  it('may be done as soon as an event is told', async () => {
    const server = new ModelServer(traits)
    server.post(ROOM, 'sent', false)
    const onEvent: FeedOptions['onEvent'] = ({type}) => {
      if (type === 'ready') world.feed.follow([start(ROOM)])
    }
    const world = new World(server, [], {onEvent})
    await world.drain()
    expect(idsOf(world.items, ROOM)).toEqual([1])
    await world.close()
  })

  it('does nothing after the end', async () => {
    const {server, world, feed} = await live([start(ROOM)])
    await world.close()
    feed.follow([start(OTHER)])
    feed.unfollow([ROOM])
    await world.drain()
    expect(sent(server, 'join_room')).toEqual([1])
  })
})
