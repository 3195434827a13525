import {describe, expect, it} from 'vitest'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import type {ChannelStart, FeedOptions, FoundChannel} from '../../../../src/lib/realtime/feed/feed-types.js'
import {ModelServer} from './feed-model.js'
import {CHANNELS, DM, idsOf, OTHER, ROOM, turn, World} from './feed-world.js'
import {messagesOf} from './follower.js'

const traits = {acks: true, knowsAfterId: true, isDated: false, pageRows: 100, readsEarly: false}
const starts: readonly ChannelStart[] = CHANNELS.map(channel => ({channel}))
const busy = new VezaError('rate_limited', 'later', {status: 429, retryAfterMs: 20_000})
const gone = new VezaError('not_found', 'There is no such room', {status: 404})

async function live(
  server: ModelServer,
  options: Partial<FeedOptions> = {},
  channels: readonly ChannelStart[] = starts,
) {
  const world = new World(server, channels, options)
  await world.drain()
  return world
}

const joins = (server: ModelServer) => server.received.filter(({type}) => type === 'authenticate').length

describe('a channel whose history cannot be read', () => {
  it('is read again when the server says so, while the others are live on the same connection', async () => {
    const server = new ModelServer(traits)
    server.broken = {channel: OTHER, error: busy}
    const world = await live(server)
    for (const channel of [ROOM, OTHER]) server.post(channel, 'sent', false)
    await world.drain()
    expect([idsOf(world.items, ROOM), world.events('ready')]).toEqual([[1], []])
    expect(world.events('warning').map(({message}) => message)).toEqual([
      'history of room 2 cannot be read now, next try in 20.5 s: later',
    ])
    server.asked.length = 0
    await world.wait(18)
    expect(server.asked).toEqual([])
    server.broken = undefined
    await world.wait(3)
    await world.drain()
    expect([idsOf(world.items, OTHER), world.events('ready').length, joins(server)]).toEqual([[2], 1, 1])
    await world.close()
  })

  it('is the only one that waits after a reconnection; the others are compared, and held messages do not pile up', async () => {
    const server = new ModelServer(traits)
    const world = await live(server)
    server.broken = {channel: OTHER, error: new VezaError('not_protocol', 'HTML')}
    server.connection?.cut()
    await world.wait(9)
    await world.drain()
    server.post(ROOM, 'swallowed', false)
    for (let n = 0; n < 1_200; n += 1) server.post(OTHER, 'sent', false)
    server.post(ROOM, 'sent', false)
    await world.wait(45)
    await world.drain()
    expect(idsOf(world.items, ROOM).sort()).toEqual([1, 1202])
    server.broken = undefined
    await world.wait(45)
    await world.drain()
    expect(idsOf(world.items, OTHER)).toHaveLength(1_200)
    expect([world.events('reconnected').length, joins(server)]).toEqual([1, 2])
    await world.close()
  })

  it('keeps a comparison on demand waiting, as it is not compared', async () => {
    const server = new ModelServer(traits)
    const world = await live(server)
    server.broken = {channel: OTHER, error: busy}
    server.connection?.cut()
    await world.wait(9)
    let done = false
    void world.feed.reconcile().then(() => {
      done = true
    })
    await world.wait(9)
    expect(done).toBe(false)
    server.broken = undefined
    await world.wait(90)
    await world.drain()
    expect(done).toBe(true)
    await world.close()
  })
})

describe('a channel that is refused', () => {
  const discovering = (found: {list: readonly FoundChannel[]}) => ({discover: async () => found.list})

  it('is left out where channels are discovered, and goes on where it was when it is found again', async () => {
    const server = new ModelServer(traits)
    const found: {list: readonly Channel[]} = {list: CHANNELS}
    const world = await live(server, discovering(found))
    server.post(OTHER, 'sent', false)
    server.broken = {channel: OTHER, error: gone}
    await world.wait(99)
    await world.drain()
    expect(world.events('unfollowed')).toEqual([{type: 'unfollowed', channel: OTHER, error: gone}])
    server.broken = undefined
    found.list = [ROOM, DM]
    server.post(ROOM, 'sent', false)
    server.post(OTHER, 'swallowed', false)
    await world.wait(35)
    await world.drain()
    found.list = CHANNELS
    await world.wait(35)
    await world.drain()
    expect([idsOf(world.items, ROOM), idsOf(world.items, OTHER)]).toEqual([[2], [1, 3]])
    expect([world.error, joins(server)]).toEqual([undefined, 1])
    await world.close()
  })

  it('is left out at its fill too, and does not keep the others from being ready', async () => {
    const server = new ModelServer(traits)
    server.broken = {channel: OTHER, error: gone}
    const world = await live(server, discovering({list: CHANNELS}))
    expect(world.events('unfollowed')).toHaveLength(1)
    expect(world.events('ready').map(({channels}) => channels.map(({channel}) => channel))).toEqual([
      [ROOM, DM],
    ])
    await world.close()
  })

  it('is left out when a frame names it; one that names none is a warning', async () => {
    const server = new ModelServer(traits)
    const world = await live(server, discovering({list: CHANNELS}))
    server.send('error', {code: 'PERMISSION_DENIED', details: {room_id: 2}})
    server.send('error', {code: 'ROOM_NOT_FOUND'})
    await world.drain()
    expect(world.events('unfollowed')).toMatchObject([{channel: OTHER, error: {code: 'forbidden'}}])
    expect(world.events('warning')).toMatchObject([{message: 'the server reports: ROOM_NOT_FOUND'}])
    server.connection?.cut()
    await world.wait(9)
    expect(server.received.filter(({data}) => data.room_id === 2)).toHaveLength(1)
    await world.close()
  })

  it('ends the feed where it was named, with an error that names it', async () => {
    const server = new ModelServer(traits)
    const world = await live(server)
    server.broken = {channel: OTHER, error: gone}
    await world.wait(45)
    await world.drain()
    expect(world.error).toMatchObject({
      code: 'not_found',
      status: 404,
      message: 'room 2: There is no such room',
    })
  })
})

describe('a refused channel that is only unfollowed', () => {
  const own = (channel: Channel) => ({channel: {...channel}, afterId: 0})
  const policy: Partial<FeedOptions> = {onRefusal: 'unfollow', reconcileEveryMs: 0}

  it.each([
    ['its join', 'forbidden'],
    ['its history', 'not_found'],
  ])('by %s: the others go on, and it begins anew where it is followed again', async (by, code) => {
    const server = new ModelServer(traits)
    const world = await live(server, policy, [{channel: ROOM}])
    const first = own(OTHER)
    world.feed.follow([first])
    if (by === 'its join') server.send('error', {code: 'PERMISSION_DENIED', details: {room_id: 2}})
    else server.broken = {channel: OTHER, error: gone}
    await world.drain()
    const [event] = world.events('unfollowed')
    expect([event?.error, event?.channel === first.channel]).toEqual([expect.objectContaining({code}), true])
    for (const channel of [ROOM, OTHER]) server.post(channel, 'swallowed', false)
    server.broken = undefined
    server.connection?.cut()
    await world.wait(9)
    await world.drain()
    expect([ROOM, OTHER].map(channel => idsOf(world.items, channel))).toEqual([[1], []])
    const second = own(OTHER)
    world.feed.follow([second])
    await world.drain()
    expect(messagesOf(world.items, second.channel)).toEqual([2])
    expect([world.events('unfollowed').length, world.error]).toEqual([1, undefined])
    await world.close()
  })

  it('ends the feed where that is asked for, also with a discovery, and by default without one', async () => {
    const options: Partial<FeedOptions>[] = [{discover: async () => CHANNELS, onRefusal: 'end'}, {}]
    for (const about of options) {
      const server = new ModelServer(traits)
      const world = await live(server, about, [{channel: ROOM}])
      world.feed.follow([own(OTHER)])
      server.broken = {channel: OTHER, error: gone}
      await world.drain()
      expect(world.error).toMatchObject({code: 'not_found', message: 'room 2: There is no such room'})
    }
  })

  it('is not ended by the answer to a join before, nor is the feed by one of a room that was left', async () => {
    const server = new ModelServer({...traits, acks: false, handles: 'in turn'})
    const world = await live(server, {reconcileEveryMs: 0}, [{channel: ROOM}])
    const refuse = () => server.send('error', {code: 'PERMISSION_DENIED', details: {room_id: 2}})
    world.feed.follow([own(OTHER)])
    world.feed.unfollow([OTHER])
    refuse()
    while (server.connection?.deliver() === true) await turn()
    world.feed.follow([own(OTHER)])
    world.feed.unfollow([OTHER])
    world.feed.follow([own(OTHER)])
    refuse()
    await world.drain()
    server.post(OTHER, 'sent', false)
    await world.drain()
    expect([idsOf(world.items, OTHER), world.error, world.feed.counters.reported]).toEqual([
      [1],
      undefined,
      2,
    ])
    refuse()
    await world.drain()
    expect(world.error).toMatchObject({code: 'forbidden'})
  })
})

describe('a start above all of history', () => {
  it('is told, with the newest message that there is', async () => {
    const server = new ModelServer(traits)
    for (let n = 0; n < 3; n += 1) server.post(ROOM, 'sent', false)
    const world = await live(server, {}, [{channel: ROOM, afterId: 99}])
    expect(world.events('ready')).toEqual([{type: 'ready', channels: [{channel: ROOM, lastId: 3}]}])
    const warnings = world.events('warning').map(({message}) => message)
    expect(warnings).toEqual([
      'history of room 1 ends at 3, before 99 where this begins: nothing up to 99 will come',
    ])
    await world.close()
  })

  it('is none where another channel has such ids, or is as new as history', async () => {
    const server = new ModelServer(traits)
    for (const channel of [ROOM, OTHER]) server.post(channel, 'sent', false)
    const world = await live(server, {}, [
      {channel: ROOM, afterId: 2},
      {channel: OTHER, afterId: 2},
      {channel: DM, afterId: 0},
    ])
    expect(world.events('warning')).toEqual([])
    await world.close()
  })
})

describe('a conversation that may be old', () => {
  it('begins with the message that made it known, or with what comes after it was found', async () => {
    const server = new ModelServer(traits)
    const unheard = {kind: 'dm', id: 4} as const
    for (const channel of [DM, unheard]) server.post(channel, 'swallowed', false)
    const list = [DM, unheard].map(channel => ({...channel, mayBeOld: true}))
    const world = await live(server, {discover: async () => list}, [{channel: ROOM}])
    server.post(DM, 'sent', false)
    await world.drain()
    for (const channel of [DM, unheard]) server.post(channel, 'sent', false)
    await world.drain()
    expect([idsOf(world.items, DM), idsOf(world.items, unheard)]).toEqual([[3, 4], [5]])
    expect(world.items).toContainEqual({
      type: 'message',
      channel: DM,
      message: expect.anything(),
      late: false,
    })
    await world.close()
  })
})

describe('a look for channels that hangs', () => {
  it('holds up no comparison on demand, at no connection', async () => {
    const server = new ModelServer(traits)
    const world = await live(server, {discover: () => new Promise(() => {})})
    for (const cut of [false, true]) {
      if (cut) server.connection?.cut()
      await world.wait(9)
      let done = false
      void world.feed.reconcile().then(() => {
        done = true
      })
      await turn()
      await world.drain()
      expect(done).toBe(true)
    }
    await world.close()
  })
})
