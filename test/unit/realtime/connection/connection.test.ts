import {once} from 'node:events'
import {Agent} from 'node:http'
import type {AddressInfo} from 'node:net'
import {createServer} from 'node:net'
import {afterEach, describe, expect, it} from 'vitest'
import type {Frame} from '../../../../src/contract/resources.js'
import {
  type Closure,
  type Connection,
  openConnection,
} from '../../../../src/lib/realtime/connection/connection.js'
import {encodeFrame} from '../../../../src/lib/realtime/connection/frames.js'
import {connectionError} from '../../../../src/lib/realtime/connection/handshake-error.js'
import {startWsStub, type WsStub} from '../../../support/ws-stub.js'
import {ManualTimers} from '../manual-timers.js'

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function stub(options?: {autoPong?: boolean}): Promise<WsStub> {
  const server = await startWsStub(options)
  cleanups.push(() => server.stop())
  return server
}

/** Listens, and gives what was heard. */
function hear(connection: Connection) {
  const frames: Frame[] = []
  const problems: string[] = []
  const waiting: (() => void)[] = []
  const wake = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  const pongs: string[] = []
  const closed = new Promise<Closure>(resolve => {
    connection.listen({
      frame: frame => {
        frames.push(frame)
        wake()
      },
      malformed: problem => void problems.push(problem),
      pong: payload => {
        pongs.push(payload)
        wake()
      },
      closed: resolve,
    })
  })
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>(resolve => waiting.push(resolve))
  }
  return {frames, problems, pongs, closed, until}
}

describe('openConnection', () => {
  it('sends the headers with the handshake, through the agent, offering no compression', async () => {
    const server = await stub()
    let used = 0
    class CountingAgent extends Agent {
      override createConnection(...args: Parameters<Agent['createConnection']>) {
        used += 1
        return super.createConnection(...args)
      }
    }
    const connection = await openConnection({
      url: server.url,
      headers: {authorization: 'Bearer abc'},
      agent: new CountingAgent(),
    })
    const client = await server.client(0)
    expect(client.headers.authorization).toBe('Bearer abc')
    expect(client.headers['sec-websocket-extensions']).toBeUndefined()
    expect(used).toBe(1)
    await connection.close()
  })

  it('loses no frame that comes before anybody listens', async () => {
    const server = await stub()
    const opening = openConnection({url: server.url})
    const client = await server.client(0)
    client.send('first', {})
    client.send('second', {})
    const connection = await opening
    await new Promise(resolve => setImmediate(resolve))
    const heard = hear(connection)
    await heard.until(() => heard.frames.length === 2)
    expect(heard.frames.map(({type}) => type)).toEqual(['first', 'second'])
    await connection.close()
  })

  const dated = {date: 'Sun, 22 Nov 2026 12:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 12:01:30 GMT'}
  it.each([
    [401, {}, 'signed_out', undefined],
    [403, {}, 'forbidden', undefined],
    [404, {}, 'not_protocol', undefined],
    [429, {'retry-after': '7'}, 'rate_limited', 7000],
    [429, dated, 'rate_limited', 90_000],
    [503, {'retry-after': '2'}, 'server_error', 2000],
    [200, {'content-type': 'text/html'}, 'not_protocol', undefined],
    [302, {location: 'http://elsewhere.test/'}, 'not_protocol', undefined],
  ] as const)('takes an answer of %i %o for %s', async (status, headers, code, retryAfterMs) => {
    const server = await stub()
    const timers = new ManualTimers()
    server.behaviour.refusal = {status, headers: {...headers, 'x-request-id': 'r-1'}, body: '<html>'}
    const opening = openConnection({url: server.url, timers, headers: {authorization: 'Bearer s3cret'}})
    const error = await opening.catch(reason => reason)
    expect(error).toMatchObject({name: 'VezaError', code, status, retryAfterMs, requestId: 'r-1'})
    expect(JSON.stringify([error, error.message])).not.toContain('s3cret')
    expect(timers.pending).toBe(0)
  })

  it('says what to check when nobody listens there', async () => {
    const server = await stub()
    const {url} = server
    await server.stop()
    await expect(openConnection({url})).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^cannot reach ws:.* refused by 127\.0\.0\.1:.*ECONNREFUSED/),
      hint: expect.stringContaining('running'),
    })
  })

  it('says what to check when its certificate is not trusted, and does not call that a protocol', async () => {
    const cause = Object.assign(new Error('self-signed certificate'), {code: 'DEPTH_ZERO_SELF_SIGNED_CERT'})
    const error = connectionError(cause, 'wss://user:s3cret@chat.example.test/ws')
    expect(error).toMatchObject({code: 'unreachable', hint: expect.stringContaining('--ca')})
    expect(error.message).not.toContain('s3cret')
  })

  it('takes a server that speaks something else for not_protocol', async () => {
    const other = createServer(socket => socket.end('220 mail.example.test ESMTP\r\n')).listen(0, '127.0.0.1')
    cleanups.push(() => other.close())
    await once(other, 'listening')
    const url = `ws://127.0.0.1:${(other.address() as AddressInfo).port}/ws`
    await expect(openConnection({url})).rejects.toMatchObject({code: 'not_protocol'})
  })

  it('gives up a handshake without an answer after 30 s', async () => {
    const server = await stub()
    server.behaviour.mute = true
    const timers = new ManualTimers()
    const opening = openConnection({url: server.url, timers}).catch(error => error)
    await server.muted()
    timers.advance(30_000)
    expect(await opening).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('within 30 s'),
    })
    expect(timers.pending).toBe(0)
  })

  it('ends the opening with the reason of the signal', async () => {
    const server = await stub()
    server.behaviour.mute = true
    const timers = new ManualTimers()
    const abort = new AbortController()
    const opening = openConnection({url: server.url, timers, signal: abort.signal}).catch(error => error)
    await server.muted()
    abort.abort(new Error('enough'))
    expect(await opening).toMatchObject({message: 'enough'})
    expect(timers.pending).toBe(0)
  })
})

describe('an open connection', () => {
  it('sends texts in order, and reports what is no frame without ending', async () => {
    const server = await stub()
    const connection = await openConnection({url: server.url})
    const heard = hear(connection)
    connection.send(encodeFrame('a', {n: 1}), encodeFrame('b', {n: 2}))
    const client = await server.client(0)
    await client.received('b')
    expect(client.frames.map(({type}) => type)).toEqual(['a', 'b'])
    client.socket.send('{"type":')
    client.socket.send(Buffer.from([1, 2, 3]))
    client.send('after', {})
    await heard.until(() => heard.frames.length === 1)
    expect(heard.problems).toEqual(['a frame of 8 characters is not JSON', 'a binary frame'])
    await connection.close()
  })

  it('gives a pong its text', async () => {
    const server = await stub()
    const connection = await openConnection({url: server.url})
    const heard = hear(connection)
    connection.ping('hello')
    await heard.until(() => heard.pongs.length === 1)
    expect(heard.pongs).toEqual(['hello'])
    await connection.close()
  })

  it.each([
    ['a close with a code', 1012, 'restart'],
    ['a private code', 4001, ''],
  ])('reports %s', async (_name, code, reason) => {
    const server = await stub()
    const timers = new ManualTimers()
    const heard = hear(await openConnection({url: server.url, timers}))
    ;(await server.client(0)).socket.close(code, reason)
    expect(await heard.closed).toEqual({code, reason})
    expect(timers.pending).toBe(0)
  })

  it('reports an end that came before anybody listened', async () => {
    const server = await stub()
    const connection = await openConnection({url: server.url})
    const client = await server.client(0)
    client.drop()
    await client.closed
    expect(await hear(connection).closed).toMatchObject({code: 1006})
  })

  it('ends at a frame above 4 MiB, and says so', async () => {
    const server = await stub()
    const heard = hear(await openConnection({url: server.url, closeTimeoutMs: 20}))
    const client = await server.client(0)
    client.socket.send('x'.repeat(4 * 1024 * 1024 + 1))
    const {error} = await heard.closed
    expect(error).toMatchObject({code: 'not_protocol', message: expect.stringContaining('above 4 MiB')})
    expect(await client.closed).toMatchObject({code: 1009})
  })

  it('takes a frame of 4 MiB', async () => {
    const server = await stub()
    const connection = await openConnection({url: server.url})
    const heard = hear(connection)
    const frame = {type: 'large', data: {text: ''}}
    const text = 'x'.repeat(4 * 1024 * 1024 - JSON.stringify(frame).length)
    ;(await server.client(0)).send('large', {text})
    await heard.until(() => heard.frames.length === 1)
    expect(heard.frames[0]?.data.text).toBe(text)
    await connection.close()
  })

  it('is dead 10 s after the machine has woken up, where nothing answers', async () => {
    const server = await stub({autoPong: false})
    const timers = new ManualTimers()
    const heard = hear(await openConnection({url: server.url, timers}))
    const client = await server.client(0)
    const pinged = once(client.socket, 'ping')
    timers.suspend(3_600_000)
    timers.advance(5_000)
    await pinged
    timers.advance(10_000)
    expect((await heard.closed).error).toMatchObject({message: 'no sign of life for 10 s'})
  })

  it('is dead after 55 s without a frame or a pong', async () => {
    const server = await stub({autoPong: false})
    const timers = new ManualTimers()
    const heard = hear(await openConnection({url: server.url, timers}))
    const client = await server.client(0)
    timers.advance(55_000)
    expect((await heard.closed).error).toMatchObject({
      code: 'unreachable',
      message: 'no sign of life for 55 s',
    })
    expect(await client.closed).toMatchObject({code: 1006})
    expect(timers.pending).toBe(0)
  })

  it.each(['frame', 'pong', 'ping'])('takes a %s for a sign of life', async kind => {
    const server = await stub()
    const timers = new ManualTimers()
    const connection = await openConnection({url: server.url, timers})
    const heard = hear(connection)
    const client = await server.client(0)
    timers.advance(54_000)
    if (kind === 'pong') client.socket.pong('late')
    else if (kind === 'ping') {
      client.socket.ping()
      await once(client.socket, 'pong')
    } else client.send('user_presence', {})
    if (kind !== 'ping') await heard.until(() => heard.frames.length + heard.pongs.length > 0)
    timers.advance(2_000)
    client.send('still', {})
    await heard.until(() => heard.frames.some(({type}) => type === 'still'))
    await connection.close()
  })

  it('reads nothing while paused, and loses nothing', async () => {
    const server = await stub()
    const connection = await openConnection({url: server.url})
    const heard = hear(connection)
    connection.pause()
    const client = await server.client(0)
    for (let n = 0; n < 100; n += 1) client.send('n', {n})
    await new Promise(resolve => client.socket.ping('', false, resolve))
    for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(heard.frames).toEqual([])
    connection.resume()
    await heard.until(() => heard.frames.length === 100)
    expect(heard.frames.map(({data}) => data.n)).toEqual([...Array(100).keys()])
    await connection.close()
  })

  it('closes with 1000, also while paused, and leaves no timer', async () => {
    const server = await stub()
    const timers = new ManualTimers()
    const connection = await openConnection({url: server.url, timers, closeTimeoutMs: 60_000})
    hear(connection)
    connection.pause()
    const client = await server.client(0)
    client.send('unread', {})
    await connection.close(1000, 'bye')
    expect(await client.closed).toEqual({code: 1000, reason: 'bye'})
    expect(timers.pending).toBe(0)
    await connection.close()
    connection.send('nothing happens')
    connection.ping('nothing happens')
  })

  it('cuts a server that does not answer the close', async () => {
    const server = await stub()
    const connection = await openConnection({url: server.url, closeTimeoutMs: 20})
    const client = await server.client(0)
    client.socket.pause()
    await connection.close()
    client.socket.resume()
    await client.closed
  })
})
