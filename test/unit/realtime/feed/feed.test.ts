import {afterEach, describe, expect, it} from 'vitest'
import {ending, openRig, ROOM, stopRigs} from './feed-kit.js'

afterEach(stopRigs)

const range = (from: number, to: number) => Array.from({length: to - from + 1}, (_, n) => from + n)

describe.each([
  ['a server that acknowledges', true],
  ['a server that acknowledges nothing', false],
])('a feed on %s', (_name, acks) => {
  const open = (options: Parameters<typeof openRig>[0] = {}, history = 0) =>
    openRig(options, server => {
      server.behaviour.acks = acks
      for (let id = 1; id <= history; id += 1) server.store(id)
    })

  it('authenticates and joins back to back, without waiting', async () => {
    const rig = await openRig({}, server => {
      server.behaviour.acks = acks
    })
    const client = await rig.server.client(0)
    await client.received('join_room')
    expect(client.frames).toEqual([
      {type: 'authenticate', data: {token: 'token-1'}},
      {type: 'join_room', data: {room_id: 15}},
    ])
  })

  it('is ready in an idle room, and delivers what comes then', async () => {
    const rig = await open({}, 3)
    expect(await rig.event('ready')).toEqual({type: 'ready', channels: [{channel: ROOM, lastId: 3}]})
    rig.server.post(4)
    rig.server.post(5)
    expect(await rig.take(2)).toEqual([4, 5])
    // Without an acknowledgement the first message alone shows that the join was done: then history is looked at again.
    expect(rig.server.historyCalls.map(({limit}) => limit)).toEqual(acks ? [100] : [100, 100])
    expect(rig.feed.counters).toMatchObject({delivered: 2, duplicates: 0, reconnects: 0, late: 0})
  })

  it('is ready in an empty room', async () => {
    const rig = await open()
    expect(await rig.event('ready')).toEqual({type: 'ready', channels: [{channel: ROOM, lastId: 0}]})
    rig.server.post(1)
    expect(await rig.take(1)).toEqual([1])
  })

  it('begins with the last messages, ascending', async () => {
    const rig = await open({last: 150}, 300)
    expect(await rig.take(150)).toEqual(range(151, 300))
  })

  it('begins after an id', async () => {
    const rig = await open({afterId: 20}, 300)
    expect(await rig.take(280)).toEqual(range(21, 300))
    // The second one had `after_id`, which this server does not know.
    expect(rig.server.historyCalls.map(({beforeId}) => beforeId)).toEqual([undefined, undefined, 201, 101])
  })

  it('keeps what is posted while history is read, once', async () => {
    const rig = await openRig({last: 2}, server => {
      server.behaviour.acks = acks
      for (const id of [1, 2, 3]) server.store(id)
      server.beforeHistory = async () => {
        server.beforeHistory = undefined
        await (await server.client(0)).received('join_room')
        server.post(4)
      }
      server.afterHistory = async () => {
        server.afterHistory = undefined
        server.post(5)
      }
    })
    expect(await rig.take(3)).toEqual([3, 4, 5])
    rig.server.post(6)
    expect(await rig.take(1)).toEqual([6])
  })

  it('fills the gap after each broken connection: nothing lost, nothing twice, ascending', async () => {
    const rig = await open({last: 1}, 1)
    let next = 2
    const ids = await rig.take(1)
    for (let round = 0; round < 4; round += 1) {
      await rig.event(round === 0 ? 'ready' : 'reconnected', Math.max(0, round - 1))
      const client = await rig.server.client(round)
      for (let n = 0; n < 3; n += 1) rig.server.post(next++)
      client.drop()
      await client.closed
      for (let n = 0; n < 130; n += 1) rig.server.store(next++)
      await rig.event('reconnected', round)
    }
    rig.server.post(next++)
    ids.push(...(await rig.take(next - 2)))
    expect(ids).toEqual(range(1, next - 1))
    expect(rig.feed.counters.reconnects).toBe(4)
    expect(rig.feed.counters.delivered).toBe(next - 1)
    expect(rig.feed.counters.gapFilled).toBeGreaterThanOrEqual(4 * 130)
  })

  it('drops a repeated broadcast and delivers a late one', async () => {
    const rig = await open()
    await rig.event('ready')
    const [client] = rig.server.clients
    for (const id of [1, 3, 1, 2, 3, 2, 4]) client!.message({id, content: 'x'})
    expect(await rig.take(4)).toEqual([1, 3, 2, 4])
    expect(rig.feed.counters.duplicates).toBe(3)
  })
})

describe('a feed', () => {
  it('reads history again when the acknowledgement comes after the pong', async () => {
    const rig = await openRig({}, server => {
      server.behaviour.joins = false
      server.store(1)
    })
    await rig.event('ready')
    rig.server.store(2)
    const [client] = rig.server.clients
    client!.joined = true
    client!.send('room_joined', {room_id: 15, last_message_id: 2})
    expect(await rig.take(1)).toEqual([2])
    client!.send('room_joined', {room_id: 15, last_message_id: 2})
    rig.server.post(3)
    expect(await rig.take(1)).toEqual([3])
    expect(rig.server.historyCalls).toHaveLength(2)
  })

  it('reads history again when the first message shows that the join was done after the pong', async () => {
    const rig = await openRig({}, server => {
      server.behaviour.joins = false
      server.store(1)
    })
    await rig.event('ready')
    rig.server.store(2)
    rig.server.clients[0]!.joined = true
    rig.server.post(3)
    expect(await rig.take(2)).toEqual([2, 3])
    expect(await rig.event('gap_filled')).toMatchObject({from: 2, to: 2, count: 1})
    rig.server.post(4)
    expect(await rig.take(1)).toEqual([4])
    expect(rig.server.historyCalls).toHaveLength(2)
  })

  it('does not forget such a hole when the connection breaks before it is filled', async () => {
    const rig = await openRig({}, server => {
      server.behaviour.joins = false
      server.store(1)
    })
    await rig.event('ready')
    rig.server.store(2)
    rig.server.beforeHistory = () => {
      rig.server.beforeHistory = undefined
      rig.server.behaviour.joins = true
      rig.server.clients[0]!.drop()
      return new Promise(() => {})
    }
    rig.server.clients[0]!.joined = true
    rig.server.post(3)
    expect(await rig.take(2)).toEqual([2, 3])
  })

  it('reads history again when the acknowledgement comes while it is read', async () => {
    let seen = () => {}
    const acknowledged = new Promise<void>(resolve => {
      seen = resolve
    })
    const rig = await openRig({afterId: 1, onItem: ({type}) => type === 'frame' && seen()}, server => {
      server.store(1)
      server.afterHistory = async () => {
        server.afterHistory = undefined
        server.store(2)
        server.clients[0]!.send('room_joined', {room_id: 15})
        server.clients[0]!.send('marker', {})
        await acknowledged
      }
    })
    expect(await rig.take(1)).toEqual([2])
    expect(rig.server.historyCalls).toHaveLength(2)
  })

  it('gives events of its room and of no room at all, but no answers and nothing of other rooms', async () => {
    const rig = await openRig({}, server => {
      server.behaviour.acks = true
    })
    await rig.event('ready')
    const [client] = rig.server.clients
    client!.message({id: 8, content: 'elsewhere'}, 16)
    client!.send('dm_message', {id: 7, content: 'to me', conversation_id: 3})
    client!.send('message_sent', {message_id: 1})
    client!.send('pong', {})
    client!.send('reaction_added', {room_id: 16, emoji: 'x'})
    client!.send('reaction_added', {room_id: '15', emoji: 'y'})
    client!.send('party', {at: 8})
    client!.message({id: 9, content: 'here'})
    expect(await rig.take(1)).toEqual([9])
    expect(rig.items.flatMap(item => (item.type === 'frame' ? [item.frame] : []))).toEqual([
      {type: 'reaction_added', data: {room_id: '15', emoji: 'y'}},
      {type: 'party', data: {at: 8}},
    ])
  })

  it('warns of what it cannot read at most each 10 s, and goes on', async () => {
    let wake = () => {}
    const sleep = () => new Promise<void>(resolve => (wake = resolve))
    const rig = await openRig({sleep})
    await rig.event('ready')
    const [client] = rig.server.clients
    client!.socket.send('{"type":"room_mess')
    client!.send('room_message', {room_id: 15, id: 'seven', content: 'x'})
    client!.send('room_message', {room_id: 15, id: 7})
    client!.send('error', {code: 'MESSAGE_TOO_LONG', message: 'too long'})
    client!.message({id: 9, content: 'here'})
    expect(await rig.take(1)).toEqual([9])
    wake()
    const warnings = [
      await rig.event('warning', 0),
      await rig.event('warning', 1),
      await rig.event('warning', 2),
    ]
    expect(warnings.map(({message}) => message)).toEqual([
      '1 frame could not be read: a frame of 18 characters is not JSON',
      'the server reports: MESSAGE_TOO_LONG: too long',
      expect.stringMatching(/^2 frames could not be read: .*content/),
    ])
    expect(rig.slept).toEqual([10_000])
    expect(rig.feed.counters).toMatchObject({malformed: 3, reported: 1})
  })

  it('is an async iterable that closes its socket when left', async () => {
    const rig = await openRig({last: 2}, server => {
      for (const id of [1, 2]) server.store(id)
    })
    const ids: number[] = []
    for await (const item of rig.feed) {
      if (item.type !== 'message') continue
      ids.push(item.message.id)
      if (item.message.id === 2) break
    }
    expect(ids).toEqual([1, 2])
    expect(await rig.server.clients[0]!.closed).toMatchObject({code: 1000})
    expect(rig.timers.pending).toBe(0)
  })

  it('pauses the socket for a slow reader, and loses nothing', async () => {
    const rig = await openRig()
    await rig.event('ready')
    const [client] = rig.server.clients
    const sent = 4_000
    const content = 'x'.repeat(6_000)
    for (let id = 1; id <= sent; id += 1) client!.message({id, content})
    // The server's buffer does not empty, however long one waits: nobody reads.
    // Items that are no messages count towards the 1,000 at which it pauses.
    while (rig.feed.counters.delivered < 900) await new Promise(resolve => setImmediate(resolve))
    let delivered = -1
    while (delivered !== rig.feed.counters.delivered) {
      delivered = rig.feed.counters.delivered
      for (let turn = 0; turn < 50; turn += 1) await new Promise(resolve => setImmediate(resolve))
    }
    expect(delivered).toBeLessThan(2000)
    expect(client!.socket.bufferedAmount).toBeGreaterThan(0)
    expect(await rig.take(sent)).toEqual(range(1, sent))
  })

  it('holds back the socket also while history takes long', async () => {
    let release = () => {}
    const rig = await openRig({}, server => {
      server.behaviour.onFrame = (client, frame) => {
        if (frame.type === 'join_room')
          for (let id = 2; id <= 4_000; id += 1) client.message({id, content: 'x'.repeat(6_000)})
        return false
      }
      server.store(1)
      server.beforeHistory = () =>
        new Promise(resolve => {
          release = resolve
        })
    })
    const client = await rig.server.client(0)
    for (let turn = 0; turn < 500; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(client.socket.bufferedAmount).toBeGreaterThan(0)
    release()
    expect(await rig.take(3_999)).toEqual(range(2, 4_000))
  })

  it('holds back the next connection too, as long as the reader is behind', async () => {
    const rig = await openRig({last: 1000}, server => {
      for (let id = 1; id <= 1000; id += 1) server.store(id)
    })
    await rig.event('ready')
    rig.server.behaviour.onFrame = (client, frame) => {
      if (frame.type === 'join_room')
        for (let id = 1001; id <= 4_000; id += 1) client.message({id, content: 'x'.repeat(6_000)})
      return false
    }
    rig.server.clients[0]!.drop()
    // A paused socket hears of its end only when it sends.
    while (!rig.events.some(({type}) => type === 'reconnecting')) {
      rig.timers.advance(30_000)
      await new Promise(resolve => setImmediate(resolve))
    }
    await rig.event('reconnected')
    for (let turn = 0; turn < 500; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(rig.server.clients[1]!.socket.bufferedAmount).toBeGreaterThan(0)
    expect(await rig.take(4_000)).toEqual(range(1, 4_000))
  })

  it('ends without an error when closed, after what was read', async () => {
    const rig = await openRig({last: 1}, server => server.store(1))
    await rig.event('ready')
    await rig.feed.close()
    expect(await rig.take(1)).toEqual([1])
    expect(await ending(rig.feed)).toBeUndefined()
    expect(await rig.server.clients[0]!.closed).toMatchObject({code: 1000})
    expect(rig.timers.pending).toBe(0)
  })

  it.each([true, false])('leaves its rooms when closed, where it is to: %s', async leaves => {
    const rig = await openRig({leaves})
    await rig.event('ready')
    await rig.feed.close()
    const [client] = rig.server.clients
    expect(await client!.closed).toMatchObject({code: 1000})
    const left = client!.frames.filter(({type}) => type === 'leave_room')
    expect(left).toEqual(leaves ? [{type: 'leave_room', data: {room_id: ROOM.id}}] : [])
  })

  it('does not leave a room because the connection broke', async () => {
    const rig = await openRig({leaves: true})
    await rig.event('ready')
    rig.server.clients[0]!.socket.close(1012)
    await rig.event('reconnected')
    expect(rig.server.clients[0]!.frames.map(({type}) => type)).not.toContain('leave_room')
  })
})
