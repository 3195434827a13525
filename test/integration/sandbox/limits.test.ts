import {describe, expect, it} from 'vitest'

import {call, connect, online, signIn, start} from './support.js'

const SECOND = 1_000

async function setUp() {
  const clock = {now: 1_000_000_000_000}
  const sandbox = await start({limits: true, now: () => clock.now})
  return {clock, sandbox}
}

describe('with limits', () => {
  it('takes 10 messages at once, then one a second, over REST and WebSocket together', async () => {
    const {clock, sandbox} = await setUp()
    const alice = await signIn(sandbox, 'alice')
    const client = await online(sandbox, alice, 1)
    for (let left = 9; left >= 1; left -= 1) {
      const {status, headers} = await alice.post('/rooms/1/messages', {content: 'x'})
      expect([status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]).toEqual([
        201,
        '60',
        String(left),
      ])
    }
    client.send('send_message', {room_id: 1, content: 'tenth'})
    expect((await client.drain()).at(-1)).toMatchObject({type: 'message_sent'})
    client.send('send_message', {room_id: 1, content: 'eleventh'})
    expect(await client.next('error')).toMatchObject({code: 'RATE_LIMIT_EXCEEDED', retry_after: 1})
    const refused = await alice.post('/rooms/1/messages', {content: 'x'})
    expect(refused).toMatchObject({
      status: 429,
      error: {code: 'RATE_LIMIT_EXCEEDED', details: {retry_after: 1}},
    })
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(clock.now / SECOND + 10))
    clock.now += SECOND
    expect((await alice.post('/rooms/1/messages', {content: 'x'})).status).toBe(201)
    expect((await alice.post('/rooms/1/messages', {content: 'x'})).status).toBe(429)
  })

  it('takes 100 requests a minute of a user', async () => {
    const {clock, sandbox} = await setUp()
    const [alice, bob] = [await signIn(sandbox, 'alice'), await signIn(sandbox, 'bob')]
    for (let count = 0; count < 100; count += 1) expect((await alice.get('/users/me')).status).toBe(200)
    expect((await alice.get('/users/me')).status).toBe(429)
    expect((await bob.get('/users/me')).headers.get('x-ratelimit-remaining')).toBe('99')
    clock.now += 60 * SECOND
    expect((await alice.get('/users/me')).status).toBe(200)
  })

  it('takes 5 sign-ins in 5 minutes', async () => {
    const {clock, sandbox} = await setUp()
    const enter = () => call(sandbox, 'POST', '/auth/login', {body: {username: 'alice', password: 'wrong'}})
    for (let count = 0; count < 5; count += 1) expect((await enter()).status).toBe(401)
    const refused = await enter()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    clock.now += 60 * SECOND
    expect((await enter()).status).toBe(401)
  })
})

it('has no limits and no headers unless asked', async () => {
  const sandbox = await start()
  const alice = await signIn(sandbox, 'alice')
  for (let count = 0; count < 30; count += 1) await alice.post('/rooms/1/messages', {content: 'x'})
  const reply = await alice.post('/rooms/1/messages', {content: 'x'})
  expect(reply.status).toBe(201)
  expect(reply.headers.get('x-ratelimit-limit')).toBeNull()
})

describe('errors', () => {
  it('come in the envelope, with time and request id in the reference dialect', async () => {
    const sandbox = await start({now: () => 0})
    expect((await call(sandbox, 'GET', '/nothing')).body).toEqual({
      success: false,
      error: {
        code: 'NOT_FOUND',
        message: expect.any(String),
        details: {},
        timestamp: '1970-01-01T00:00:00.000Z',
        request_id: expect.any(String),
      },
    })
  })

  it('come without them in the guide dialect', async () => {
    const sandbox = await start({dialect: 'guide'})
    const {status, body} = await call(sandbox, 'GET', '/rooms')
    expect(status).toBe(401)
    expect(body).toEqual({
      success: false,
      error: {code: 'INVALID_TOKEN', message: expect.any(String), details: {}},
    })
  })

  it('tell malformed, oversized and foreign bodies apart', async () => {
    const sandbox = await start()
    const {token} = await signIn(sandbox, 'alice')
    const post = async (body: string, headers = {}) =>
      (await call(sandbox, 'POST', '/rooms', {token, body, headers})).status
    expect(await post('{"name":')).toBe(400)
    expect(await post('"text"')).toBe(422)
    expect(await post('')).toBe(422)
    expect(await post(JSON.stringify({name: 'x'.repeat(2_000_000)}))).toBe(413)
    expect((await call(sandbox, 'GET', '/rooms/abc', {token})).status).toBe(422)
  })

  it('GET /health needs no token', async () => {
    const sandbox = await start()
    const response = await fetch(`${sandbox.url}/health`)
    expect(await response.json()).toMatchObject({status: 'ok'})
  })
})

it('gives a reader who is 64 MiB behind the rest and 1013', async () => {
  const sandbox = await start()
  const [alice, bob] = [await signIn(sandbox, 'alice'), await signIn(sandbox, 'bob')]
  const [atAlice, atBob] = [await online(sandbox, alice, 1), await online(sandbox, bob, 1)]
  atBob.socket.pause()
  const pad = 'x'.repeat(1_000_000)
  for (let count = 0; count < 80; count += 1)
    atAlice.send('send_message', {room_id: 1, content: 'x', metadata: {pad}})
  expect(await atAlice.drain()).toHaveLength(160)
  atBob.socket.resume()
  expect(await atBob.close()).toBe(1013)
  expect((await connect(sandbox)).socket.readyState).toBe(1)
})
