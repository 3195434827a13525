import {once} from 'node:events'
import {type AddressInfo, createServer, type Socket} from 'node:net'
import {setTimeout as sleep} from 'node:timers/promises'
import {createServer as createTlsServer} from 'node:tls'
import {inspect} from 'node:util'
import {afterEach, describe, expect, it, vi} from 'vitest'
import {openRedis, type Redis, type RedisOptions} from '../../../src/lib/state/redis/client.js'
import {isAway, isFull} from '../../../src/lib/state/redis/errors.js'
import type {LineEffects} from '../../../src/lib/state/redis/line.js'
import {closedPort} from '../../support/http-stub.js'
import {hasRedis, type Redis as RedisServer, startRedis} from '../../support/redis.js'
import {CERT, KEY} from '../../unit/http/tls-fixture.js'

/** Delays pass at once, or nearly: each lets the loop turn. */
const QUICK: LineEffects = {
  random: () => 0.5,
  sleep: (_, signal) => sleep(1, undefined, {signal}),
}

describe.skipIf(!hasRedis && process.env.CI === undefined)('a Redis', () => {
  const opened: Redis[] = []
  const servers: RedisServer[] = []

  afterEach(async () => {
    for (const redis of opened.splice(0)) await redis.close()
    for (const server of servers.splice(0)) await server[Symbol.asyncDispose]()
  })

  async function start(): Promise<RedisServer> {
    const server = await startRedis()
    servers.push(server)
    return server
  }

  async function open(url: string, options: Partial<RedisOptions> = {}): Promise<Redis> {
    const redis = await openRedis({url, effects: QUICK, ...options})
    opened.push(redis)
    return redis
  }

  it('answers commands, with texts, numbers, nothing and lists', async () => {
    const redis = await open((await start()).url)
    expect(redis.isConnected).toBe(true)
    expect(await redis.call(['SET', 'key', 7])).toBe('OK')
    expect(await redis.call(['GET', 'key'])).toBe('7')
    expect(await redis.call(['INCR', 'key'])).toBe(8)
    expect(await redis.call(['GET', 'other'])).toBeNull()
    await redis.call(['HSET', 'hash', 'a', 'b'])
    expect(await redis.call(['HGETALL', 'hash'])).toEqual(['a', 'b'])
  })

  it('comes back by itself after Redis was away, and says both once', async () => {
    const server = await start()
    const told: string[] = []
    const redis = await open(server.url, {onTrouble: text => told.push(text)})
    await server.kill()
    await expect(redis.call(['PING'])).rejects.toSatisfy(isAway)
    await expect(redis.call(['PING'])).rejects.toMatchObject({code: 'unreachable', exitCode: 6})
    expect(redis.isConnected).toBe(false)
    await server.restart()
    await vi.waitUntil(() => redis.isConnected, {interval: 5, timeout: 10_000})
    expect(await redis.call(['PING'])).toBe('PONG')
    expect(told).toEqual([
      `Redis at 127.0.0.1:${server.port} is away (ECONNRESET)`,
      `Redis at 127.0.0.1:${server.port} is back`,
    ])
  })

  it('rejects what was not answered when Redis goes, and says that it may have been done', async () => {
    const server = await start()
    const redis = await open(server.url)
    server.freeze()
    const calls = Promise.allSettled([redis.call(['INCR', 'key']), redis.call(['INCR', 'key'])])
    await server.kill()
    for (const {reason} of (await calls) as PromiseRejectedResult[]) {
      expect(isAway(reason)).toBe(true)
      expect(reason).toMatchObject({mayHaveActed: true})
    }
    await expect(redis.call(['PING'])).rejects.toMatchObject({mayHaveActed: false})
  })

  it('gives a connection up that does not answer, and gets another one', async () => {
    const server = await start()
    const told: string[] = []
    const redis = await open(server.url, {onTrouble: text => told.push(text)})
    server.freeze()
    await expect(redis.call(['PING'])).rejects.toThrow(/ETIMEDOUT/)
    expect(redis.isConnected).toBe(false)
    expect(told).toEqual([expect.stringContaining('is away (ETIMEDOUT)')])
    server.thaw()
    await vi.waitUntil(() => redis.isConnected, {interval: 5, timeout: 10_000})
    expect(await redis.call(['PING'])).toBe('PONG')
  })

  it('is unreachable after five attempts, with growing delays', async () => {
    const delays: number[] = []
    const effects = {...QUICK, sleep: async (delayMs: number) => void delays.push(delayMs)}
    const failed = open(`redis://user:hidden@127.0.0.1:${await closedPort()}`, {effects})
    const error = await failed.catch((reason: unknown) => reason)
    expect(error).toMatchObject({code: 'unreachable', exitCode: 6, mayHaveActed: false})
    expect(error).toMatchObject({message: expect.stringContaining('ECONNREFUSED')})
    expect(`${error}`).not.toContain('hidden')
    expect(delays).toEqual([125, 250, 500, 1000])
  })

  it('comes up with a Redis that is started a moment later', async () => {
    const server = await start()
    await server.kill()
    const effects = {...QUICK, sleep: () => server.restart()}
    expect((await open(server.url, {effects})).isConnected).toBe(true)
  })

  it.each([
    ['a wrong password', (url: string) => url.replace('s3cret-of-redis', 'wrong-one'), 'WRONGPASS'],
    ['a user that is not there', (url: string) => url.replace('://:', '://nobody:'), 'WRONGPASS'],
    ['no password', (url: string) => url.replace(':s3cret-of-redis@', ''), 'NOAUTH'],
  ])('is refused with %s, which is not repeated', async (_, change, word) => {
    const effects = {...QUICK, sleep: () => Promise.reject(new Error('it must not try again'))}
    const failed = open(change((await start()).url), {effects})
    const error = await failed.catch((reason: unknown) => reason)
    expect(error).toMatchObject({code: 'usage', exitCode: 2, hint: expect.stringContaining('VEZA_REDIS_URL')})
    expect(error).toMatchObject({message: expect.stringContaining(word)})
    expect(inspect(error, {depth: 9})).not.toMatch(/s3cret|wrong-one/)
  })

  it('takes a password where Redis asks for none', async () => {
    const server = await start()
    await server.command('CONFIG', 'SET', 'requirepass', '')
    expect(await (await open(server.url)).call(['PING'])).toBe('PONG')
  })

  it('tells a command that it may not use', async () => {
    const server = await start()
    await server.command('ACL', 'SETUSER', 'reader', 'on', '>pass-of-reader', '~*', '+ping', '+get')
    const redis = await open(server.url.replace(`:${server.password}`, 'reader:pass-of-reader'))
    const denied = redis.call(['SET', 'key', 'a text'])
    await expect(denied).rejects.toMatchObject({code: 'usage', message: expect.stringContaining('NOPERM')})
    expect(redis.isConnected).toBe(true)
  })

  it('tells a full Redis from one that is away', async () => {
    const server = await start()
    const redis = await open(server.url)
    await server.fill(true)
    const error = await redis.call(['SET', 'key', 'text']).catch((reason: unknown) => reason)
    expect([isFull(error), isAway(error)]).toEqual([true, false])
    const script = {name: 'set', source: "return redis.call('SET', KEYS[1], ARGV[1])"}
    await expect(redis.run(script, ['key'], ['text'])).rejects.toSatisfy(isFull)
    await server.fill(false)
    expect(await redis.run(script, ['key'], ['text'])).toBe('OK')
  })

  it('leaves a server that has become a copy of another one', async () => {
    const server = await start()
    const told: string[] = []
    const redis = await open(server.url, {onTrouble: text => told.push(text)})
    await server.command('REPLICAOF', '127.0.0.1', `${await closedPort()}`)
    await expect(redis.call(['SET', 'key', 'text'])).rejects.toSatisfy(isAway)
    await vi.waitUntil(() => redis.isConnected, {interval: 5, timeout: 10_000})
    expect(told).toHaveLength(2)
  })

  it('runs a script that Redis does not know yet, or no longer', async () => {
    const server = await start()
    const redis = await open(server.url)
    const script = {name: 'add', source: "return redis.call('INCRBY', KEYS[1], ARGV[1])"}
    expect(await redis.run(script, ['key'], [3])).toBe(3)
    expect(await redis.run(script, ['key'], [4])).toBe(7)
    await server.command('SCRIPT', 'FLUSH')
    expect(await redis.run(script, ['key'], [1])).toBe(8)
    const calls = `${await server.command('INFO', 'commandstats')}`
    expect(calls).toMatch(/cmdstat_eval:calls=2/)
    await expect(redis.run({name: 'bad', source: 'return nonsense('}, [], [])).rejects.toMatchObject({
      code: 'failed',
    })
  })

  it('holds up nothing by a command that waits', async () => {
    const server = await start()
    const redis = await open(server.url)
    const first = redis.call(['BLPOP', 'list', 60], {blockMs: 60_000})
    const second = redis.call(['BLPOP', 'list', 60], {blockMs: 60_000})
    expect(await redis.call(['RPUSH', 'list', 'a', 'b'])).toBeGreaterThan(0)
    expect([await first, await second]).toEqual([
      ['list', 'a'],
      ['list', 'b'],
    ])
    await server.kill()
    await expect(redis.call(['BLPOP', 'list', 60], {blockMs: 60_000})).rejects.toSatisfy(isAway)
    await server.restart()
    await redis.call(['BLPOP', 'list', 0.001], {blockMs: 1})
  })

  it('ends a command that waits when it is closed', async () => {
    const server = await start()
    const redis = await open(server.url)
    const block = () => redis.call(['BLPOP', 'list', 60], {blockMs: 60_000})
    const calls = Promise.allSettled([block(), block()])
    await vi.waitUntil(async () => `${await server.command('CLIENT', 'LIST')}`.includes('cmd=blpop'), {
      interval: 5,
      timeout: 10_000,
    })
    await redis.close()
    for (const {reason} of (await calls) as PromiseRejectedResult[]) {
      expect(isAway(reason)).toBe(true)
      expect(reason.message).toContain('closed')
    }
    await expect(redis.call(['PING'])).rejects.toThrow(/closed/)
  })
})

describe('what is no Redis, or not yet', () => {
  const sockets: Socket[] = []

  /** Takes connections, and answers the first bytes of each so. */
  async function stub(answer?: string) {
    const server = createServer(socket => {
      sockets.push(socket)
      socket.on('error', () => undefined)
      if (answer !== undefined) socket.once('data', () => socket.write(answer))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return {server, url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`}
  }

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
  })

  it('ends the wait for a connection with its signal, and leaves no socket', async () => {
    const {server, url} = await stub()
    const abort = new AbortController()
    const opening = openRedis({url, signal: abort.signal})
    const [socket] = (await once(server, 'connection')) as [Socket]
    const closed = once(socket, 'close')
    abort.abort(new Error('enough'))
    await expect(opening).rejects.toThrow('enough')
    await closed
    server.close()
  })

  it('trusts no certificate that nobody has signed', async () => {
    const server = createTlsServer({cert: CERT, key: KEY}, socket => socket.on('error', () => undefined))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `rediss://:hidden@127.0.0.1:${(server.address() as AddressInfo).port}`
    const error = await openRedis({url, effects: QUICK}).catch((reason: unknown) => reason)
    expect(error).toMatchObject({code: 'unreachable', message: expect.stringMatching(/SELF_SIGNED|VERIFY/)})
    expect(inspect(error)).not.toContain('hidden')
    server.close()
  })

  it('ends the wait for a connection with TLS, too', async () => {
    const {server, url} = await stub()
    const abort = new AbortController()
    const opening = openRedis({url: url.replace('redis:', 'rediss:'), signal: abort.signal})
    const [socket] = (await once(server, 'connection')) as [Socket]
    const closed = once(socket.resume(), 'close')
    abort.abort(new Error('enough'))
    await expect(opening).rejects.toThrow('enough')
    await closed
    server.close()
  })

  it('ends the wait between two attempts with its signal', async () => {
    const abort = new AbortController()
    const effects: LineEffects = {
      random: () => 1,
      sleep: (_, signal) => {
        abort.abort(new Error('enough'))
        return sleep(60_000, undefined, {signal})
      },
    }
    const url = `redis://127.0.0.1:${await closedPort()}`
    await expect(openRedis({url, signal: abort.signal, effects})).rejects.toThrow('enough')
  })

  it('waits for one that loads its data', async () => {
    const {server, url} = await stub('-LOADING Redis is loading the dataset in memory\r\n')
    const effects = {random: () => 1, sleep: async () => undefined}
    await expect(openRedis({url, effects})).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('LOADING'),
    })
    expect(sockets).toHaveLength(5)
    server.close()
  })
})
