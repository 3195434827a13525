import {once} from 'node:events'
import {connect as connectTcp} from 'node:net'

import {describe, expect, it} from 'vitest'

import {connect, online, signIn, start} from './support.js'

async function setUp(dialect: 'guide' | 'reference' = 'reference') {
  const sandbox = await start({dialect})
  const [admin, alice, bob] = await Promise.all(['admin', 'alice', 'bob'].map(name => signIn(sandbox, name)))
  return {sandbox, admin: admin!, alice: alice!, bob: bob!}
}

describe('authenticate', () => {
  it('is acknowledged in the reference dialect', async () => {
    const {sandbox, alice} = await setUp()
    const client = await connect(sandbox)
    client.send('authenticate', {token: alice.token})
    expect(await client.next('auth_success')).toEqual({
      user_id: 2,
      username: 'alice',
      role: 'user',
      session_id: expect.any(String),
      server_time: expect.stringMatching(/Z$/),
    })
  })

  it('acknowledges nothing in the guide dialect', async () => {
    const {sandbox, alice} = await setUp('guide')
    const client = await connect(sandbox)
    client.send('authenticate', {token: alice.token})
    client.send('join_room', {room_id: 1})
    client.send('send_message', {room_id: 1, content: 'hi', parent_id: null})
    const frames = await client.drain()
    expect(frames).toMatchObject([
      {
        type: 'room_message',
        data: {id: 1, author_id: 2, username: 'alice', content: 'hi', room_id: 1, room_name: 'general'},
      },
    ])
    expect(frames[0]?.data).toMatchObject({parent_id: null, reactions: {}})
  })

  it.each([
    ['reference', 'auth_error'],
    ['guide', 'error'],
  ] as const)('refuses a bad token in the %s dialect with %s and 1008', async (dialect, type) => {
    const sandbox = await start({dialect})
    const client = await connect(sandbox)
    client.send('authenticate', {token: 'nonsense'})
    expect(await client.next(type)).toMatchObject({code: 'INVALID_TOKEN', message: expect.any(String)})
    expect(await client.close()).toBe(1008)
  })

  it('must come first', async () => {
    const sandbox = await start()
    const client = await connect(sandbox)
    client.send('join_room', {room_id: 1})
    expect(await client.next('auth_error')).toMatchObject({code: 'INVALID_TOKEN'})
    expect(await client.close()).toBe(1008)
  })

  it('is not needed with a token on the handshake, which is refused with 401 when it is bad', async () => {
    const {sandbox, alice} = await setUp()
    const client = await connect(sandbox, {authorization: `Bearer ${alice.token}`})
    expect(await client.next('auth_success')).toMatchObject({username: 'alice'})
    await expect(connect(sandbox, {authorization: 'Bearer x'})).rejects.toThrow('401')
  })

  it('holds after the token is over', async () => {
    let now = 1_000_000_000_000
    const sandbox = await start({now: () => now})
    const alice = await signIn(sandbox, 'alice')
    const client = await online(sandbox, alice, 1)
    now += 3_600_000
    client.send('send_message', {room_id: 1, content: 'still here'})
    expect(await client.next('room_message')).toMatchObject({content: 'still here'})
  })
})

describe('rooms', () => {
  it('joins, and so makes a member of a public room', async () => {
    const {sandbox, admin, bob} = await setUp()
    await admin.post('/rooms', {name: 'open'})
    await admin.post('/rooms/2/messages', {content: 'x'})
    const client = await online(sandbox, bob)
    client.send('join_room', {room_id: 2})
    expect(await client.next('room_joined')).toEqual({
      room_id: 2,
      room_name: 'open',
      member_count: 2,
      user_role: 'member',
      is_public: true,
      last_message_id: 1,
    })
    expect((await bob.post('/rooms/2/messages', {content: 'y'})).status).toBe(201)
  })

  it('lets nobody into a private room', async () => {
    const {sandbox, alice, bob} = await setUp()
    await alice.post('/rooms', {name: 'mine', is_public: false})
    const client = await online(sandbox, bob)
    client.send('join_room', {room_id: 2})
    expect(await client.next('error')).toMatchObject({code: 'PERMISSION_DENIED', severity: 'error'})
    client.send('send_message', {room_id: 2, content: 'x'})
    expect(await client.next('error')).toMatchObject({code: 'PERMISSION_DENIED'})
    client.send('join_room', {room_id: 99})
    expect(await client.next('error')).toMatchObject({code: 'ROOM_NOT_FOUND', retry_after: null, details: {}})
  })

  it('sends to all who joined, the sender too, until they leave', async () => {
    const {sandbox, alice, bob} = await setUp()
    const [atAlice, atBob] = [await online(sandbox, alice, 1), await online(sandbox, bob, 1)]
    const message = {room_id: 1, content: 'hi', metadata: {client_id: 'k'}}
    atAlice.send('send_message', message)
    atAlice.send('send_message', {...message, content: 'again'})
    atAlice.send('send_message', {room_id: 1, content: 'reply', parent_id: 1})
    const frames = await atAlice.drain()
    expect(frames).toHaveLength(5)
    const sent = frames.filter(frame => frame.type === 'message_sent')
    expect(sent).toMatchObject([
      {data: {message_id: 1, content: 'hi', metadata: {client_id: 'k'}}},
      {data: {message_id: 1, content: 'hi'}},
      {data: {message_id: 2, parent_id: 1}},
    ])
    expect(await atBob.drain()).toMatchObject([
      {
        type: 'room_message',
        data: {message_id: 1, room_id: 1, room_name: 'general', author_id: 2, parent_id: null, reactions: []},
      },
      {data: {message_id: 2, parent_id: 1, edit_count: 0, mentions: []}},
    ])
    atBob.send('leave_room', {room_id: 1})
    await atBob.drain()
    atAlice.send('send_message', {room_id: 1, content: 'alone'})
    await atAlice.drain()
    expect(await atBob.drain()).toEqual([])
  })

  it('tells the sockets what came over REST', async () => {
    const {sandbox, alice, bob} = await setUp()
    const client = await online(sandbox, bob, 1)
    await alice.post('/rooms/1/messages', {content: 'rest'})
    expect(await client.next('room_message')).toMatchObject({message_id: 1, content: 'rest'})
  })

  it('shows history, statistics and the audit log, and pins', async () => {
    const {sandbox, admin, alice} = await setUp()
    for (const content of ['a', 'b', 'c']) await alice.post('/rooms/1/messages', {content})
    const client = await online(sandbox, admin, 1)
    client.send('pin_message', {room_id: 1, message_id: 2, pin: true})
    client.send('get_history', {room_id: 1, limit: 2, before_id: 3})
    expect(await client.next('room_history')).toMatchObject({
      messages: [
        {id: 2, parent_id: null, is_pinned: true},
        {id: 1, is_pinned: false},
      ],
      has_more: false,
      total_count: 3,
    })
    client.send('get_room_stats', {room_id: 1})
    expect(await client.next('room_stats')).toMatchObject({room_id: 1, message_count: 3, pinned_messages: 1})
    client.send('get_audit_logs', {room_id: 1, limit: 10})
    expect(await client.next('audit_logs')).toMatchObject({logs: [{action: 'message_pinned'}], total: 1})
  })

  it.each([
    ['reference', [{emoji: '🎉', count: 1, users: [{user_id: 2, username: 'alice'}]}]],
    ['guide', {'🎉': [{id: 2, username: 'alice'}]}],
  ] as const)('carries reactions in the %s dialect', async (dialect, reactions) => {
    const {sandbox, alice, bob} = await setUp(dialect)
    await alice.post('/rooms/1/messages', {content: 'a'})
    const [atAlice, atBob] = [await online(sandbox, alice, 1), await online(sandbox, bob, 1)]
    atAlice.send('add_reaction', {message_id: 1, emoji: '🎉'})
    const change = {message_id: 1, room_id: 1, emoji: '🎉', user_id: 2, username: 'alice'}
    expect(await atBob.next('reaction_added')).toEqual(change)
    atBob.send('get_reactions', {message_id: 1})
    expect(await atBob.next('message_reactions')).toEqual({message_id: 1, total_reactions: 1, reactions})
    atBob.send('get_history', {room_id: 1})
    expect((await atBob.next('room_history')).messages?.[0]).toMatchObject({id: 1, reactions})
    atAlice.send('remove_reaction', {message_id: 1, emoji: '🎉'})
    expect(await atBob.next('reaction_removed')).toEqual(change)
  })
})

describe('direct messages', () => {
  it('creates, sends to both, lists and blocks', async () => {
    const {sandbox, alice, bob} = await setUp()
    const [atAlice, atBob] = [await online(sandbox, alice), await online(sandbox, bob)]
    atAlice.send('create_dm', {user1_id: 2, user2_id: 3})
    expect(await atAlice.next('dm_created')).toEqual({
      conversation_id: 1,
      user1_id: 2,
      user2_id: 3,
      is_blocked: false,
      created_at: expect.any(String),
    })
    atAlice.send('create_dm', {user1_id: 1, user2_id: 3})
    expect(await atAlice.next('error')).toMatchObject({code: 'PERMISSION_DENIED'})
    const dm = {conversation_id: 1, content: 'psst', metadata: {client_id: 'k'}}
    atAlice.send('send_dm', dm)
    const carried = {message_id: 1, conversation_id: 1, content: 'psst', author_id: 2, parent_id: null}
    for (const client of [atAlice, atBob]) expect(await client.next('dm_message')).toMatchObject(carried)
    atAlice.send('send_dm', dm)
    expect(await atAlice.next('dm_message')).toMatchObject({message_id: 1})
    expect(await atBob.drain()).toEqual([])
    atBob.send('list_dms', {limit: 5})
    expect(await atBob.next('dm_list')).toMatchObject({
      conversations: [{conversation_id: 1, other_user: {user_id: 2}, unread_count: 1}],
      total: 1,
    })
    atBob.send('block_dm', {conversation_id: 1, block: true})
    await atBob.drain()
    atAlice.send('send_dm', {conversation_id: 1, content: 'x'})
    expect(await atAlice.next('error')).toMatchObject({code: 'CONVERSATION_BLOCKED'})
  })

  it('has the names of the guide in the guide dialect', async () => {
    const {sandbox, alice} = await setUp('guide')
    await alice.post('/conversations', {user_id: 3})
    const client = await online(sandbox, alice)
    client.send('send_dm', {conversation_id: 1, content: 'x'})
    expect(await client.next('dm_message')).toMatchObject({id: 1, conversation_id: 1, author_id: 2})
  })
})

describe('the socket', () => {
  it('tells others who share a room of a status, and hides who is invisible', async () => {
    const {sandbox, alice, bob} = await setUp()
    const [atAlice, atBob] = [await online(sandbox, alice, 1), await online(sandbox, bob)]
    atAlice.send('update_status', {status: 'away', message: 'tea'})
    expect(await atBob.next('user_presence')).toMatchObject({
      user_id: 2,
      username: 'alice',
      status: 'away',
      message: 'tea',
      last_seen: expect.any(String),
      current_room: 1,
    })
    atAlice.send('update_status', {status: 'invisible'})
    expect(await atBob.next('user_presence')).toMatchObject({status: 'offline', current_room: null})
    expect(await atAlice.drain()).toEqual([])
    atAlice.send('update_status', {status: 'asleep'})
    expect(await atAlice.next('error')).toMatchObject({code: 'VALIDATION_FAILED'})
  })

  it('answers ping, and closes on disconnect', async () => {
    const {sandbox, alice} = await setUp()
    const client = await online(sandbox, alice)
    client.send('ping', {timestamp: 42})
    expect(await client.next('pong')).toEqual({timestamp: 42, server_time: expect.any(String)})
    client.send('disconnect', {reason: 'done'})
    expect(await client.close()).toBe(1000)
  })

  it('survives frames that are none', async () => {
    const {sandbox, alice} = await setUp()
    const client = await online(sandbox, alice)
    for (const raw of ['{', '[]', '7', 'null', '{"data":{}}', '{"type":5}', '{"type":"ping","data":[]}']) {
      client.socket.send(raw)
      expect(await client.next('error')).toMatchObject({code: 'VALIDATION_FAILED'})
    }
    client.socket.send(Buffer.from('{}'), {binary: true})
    expect(await client.next('error')).toMatchObject({code: 'VALIDATION_FAILED'})
    for (const type of ['dance', '__proto__', 'constructor']) {
      client.send(type)
      expect(await client.next('error')).toMatchObject({code: 'UNKNOWN_MESSAGE_TYPE', details: {type}})
    }
  })

  it('takes a frame of 1 MiB at most', async () => {
    const {sandbox, alice} = await setUp()
    const client = await online(sandbox, alice)
    client.send('ping', {timestamp: 1, pad: 'x'.repeat(1024 * 1024)})
    expect(await client.close()).toBe(1009)
  })

  it('answers frames in their order, thousands at once', async () => {
    const {sandbox, alice} = await setUp()
    const client = await online(sandbox, alice, 1)
    for (let index = 0; index < 3_000; index += 1)
      client.send('send_message', {room_id: 1, content: String(index)})
    const frames = await client.drain()
    const received = frames
      .filter(frame => frame.type === 'room_message')
      .map(frame => Number(frame.data.content))
    expect(received).toEqual(Array.from({length: 3_000}, (_, index) => index))
  })

  it('is closed with 1001 when the server closes, also when the other side does not answer', async () => {
    const {sandbox, alice} = await setUp()
    const client = await online(sandbox, alice)
    const mute = connectTcp(sandbox.port, '127.0.0.1')
    mute.write(
      'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    )
    await once(mute, 'data')
    const closing = sandbox.close()
    expect(await client.close()).toBe(1001)
    await closing
    mute.destroy()
  })
})
