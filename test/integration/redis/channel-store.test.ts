import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {type ChannelStore, openChannelStore} from '../../../src/lib/state/redis/channel-store.js'
import {openRedis, type Redis} from '../../../src/lib/state/redis/client.js'
import {type Lease, RedisClusterStore} from '../../../src/lib/state/redis/cluster-store.js'
import {isFull} from '../../../src/lib/state/redis/errors.js'
import {groupKeys} from '../../../src/lib/state/redis/group-keys.js'
import {hasRedis, type Redis as RedisServer, startRedis} from '../../support/redis.js'

const LONG_MS = 60_000

describe.skipIf(!hasRedis && process.env.CI === undefined)('the channels of a group in Redis', () => {
  const keys = groupKeys('veza:bot:x')
  let server: RedisServer
  let redis: Redis
  let cluster: RedisClusterStore
  let store: ChannelStore
  let lease: Lease

  beforeEach(async () => {
    server = await startRedis()
    redis = await openRedis({url: server.url})
    cluster = new RedisClusterStore(redis, keys)
    store = openChannelStore(redis, keys, 'a')
    await cluster.beat('a', LONG_MS)
    const [given] = await cluster.acquire('a', ['room:1'])
    lease = given!
  })

  afterEach(async () => {
    await redis.close()
    await server[Symbol.asyncDispose]()
  })

  it('keeps what was saved, however often', async () => {
    const parts = [{lease, text: '7 ', done: []}]
    expect(await store.read(['room:1'])).toEqual([undefined])
    expect(await store.save(parts)).toEqual([true])
    expect(await store.save(parts)).toEqual([true])
    expect(await store.read(['room:1', 'dm:2'])).toEqual(['7 ', undefined])
    expect(await store.read([])).toEqual([])
  })

  it('tells whether a message was begun before, by whomever, until it is done', async () => {
    expect(await store.begin(lease, 8)).toBe('first')
    await cluster.leave('a')
    await cluster.beat('b', LONG_MS)
    const [next] = await cluster.acquire('b', ['room:1'])
    const other = openChannelStore(redis, keys, 'b')
    expect(await other.begin(next!, 8)).toBe('again')
    expect(await other.save([{lease: next!, text: '8 ', done: [8]}])).toEqual([true])
    expect(await other.begin(next!, 8)).toBe('first')
  })

  it('does nothing for whom the lease is not any more, and each part for itself', async () => {
    const [second] = await cluster.acquire('a', ['dm:2'])
    await cluster.release('a', [lease])
    await cluster.beat('b', LONG_MS)
    await cluster.acquire('b', ['room:1'])
    expect(await store.begin(lease, 8)).toBe('fenced')
    const parts = [
      {lease, text: '9 ', done: [8]},
      {lease: second!, text: '5 ', done: []},
    ]
    expect(await store.save(parts)).toEqual([false, true])
    expect(await store.read(['room:1', 'dm:2'])).toEqual([undefined, '5 '])
  })

  it('keeps nothing where Redis is full, and says so', async () => {
    await store.begin(lease, 8)
    await server.fill(true)
    await expect(store.save([{lease, text: '8 ', done: [8]}])).rejects.toSatisfy(isFull)
    await expect(store.begin(lease, 9)).rejects.toSatisfy(isFull)
    await server.fill(false)
    expect(await store.begin(lease, 8)).toBe('again')
  })

  it('remembers when the group began, as long as Redis does', async () => {
    expect(await store.born(1000.5)).toBe(1000)
    expect(await store.born(2000)).toBe(1000)
    await server.command('FLUSHALL')
    expect(await store.born(3000)).toBe(3000)
  })
})
