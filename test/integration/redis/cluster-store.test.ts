import {setImmediate as immediate} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {openRedis, type Redis} from '../../../src/lib/state/redis/client.js'
import {type ClusterStore, RedisClusterStore} from '../../../src/lib/state/redis/cluster-store.js'
import {isFull} from '../../../src/lib/state/redis/errors.js'
import {groupKeys} from '../../../src/lib/state/redis/group-keys.js'
import {TestMember} from '../../support/cluster.js'
import {describeClusterStore} from '../../support/cluster-contract.js'
import {hasRedis, type Redis as RedisServer, startRedis} from '../../support/redis.js'

const LONG_MS = 60_000

describe.skipIf(!hasRedis && process.env.CI === undefined)('the store of a cluster in Redis', () => {
  const keys = groupKeys('orders')
  let server: RedisServer
  let redis: Redis
  let store: RedisClusterStore

  beforeEach(async () => {
    server = await startRedis()
    redis = await openRedis({url: server.url})
    store = new RedisClusterStore(redis, keys)
  })

  afterEach(async () => {
    await redis.close()
    await server[Symbol.asyncDispose]()
  })

  const namesOf = (leases: readonly {name: string}[]) => leases.map(({name}) => name)

  describeClusterStore(() => store)

  it('keeps its members where Redis is full, and gives out nothing new', async () => {
    await store.beat('a', LONG_MS)
    const [lease] = await store.acquire('a', ['1'])
    await server.fill(true)
    const view = await store.beat('a', LONG_MS)
    expect([view.members, view.leases.get('1')?.token]).toEqual([['a'], lease!.token])
    await expect(store.acquire('a', ['2'])).rejects.toSatisfy(isFull)
    await store.release('a', [lease!])
    await store.leave('a')
  })

  it('goes on with higher tokens after Redis has lost all it knew', async () => {
    await store.beat('a', LONG_MS)
    const [before] = await store.acquire('a', ['1'])
    await server.command('FLUSHALL')
    expect((await store.beat('a', LONG_MS)).leases.size).toBe(0)
    const [after] = await store.acquire('a', ['1'])
    expect(after!.token).toBeGreaterThanOrEqual(before!.token)
    expect(after!.token).toBeGreaterThan(Date.now() - LONG_MS)
  })

  it('keeps groups of one stream apart', async () => {
    const other = new RedisClusterStore(redis, groupKeys('orders', 'relay'))
    await store.beat('a', LONG_MS)
    await other.beat('b', LONG_MS)
    expect(namesOf(await store.acquire('a', ['1']))).toEqual(['1'])
    expect(namesOf(await other.acquire('b', ['1']))).toEqual(['1'])
    expect((await store.beat('a', LONG_MS)).members).toEqual(['a'])
  })

  it('carries a group: shares, hands over, and takes over from who is gone', async () => {
    const names = ['1', '2', '3', '4', '5']
    /** Beats as often as it can, and counts as gone soon after the last one. */
    const hurried = (): ClusterStore => ({
      beat: (member, _) => store.beat(member, 80),
      acquire: (...about) => store.acquire(...about),
      release: (...about) => store.release(...about),
      leave: member => store.leave(member),
    })
    const clock = {nowMs: 0, sleep: () => immediate()}
    const [a, b, c] = ['a', 'b', 'c'].map(name => new TestMember(name, hurried(), clock, names)) as [
      TestMember,
      TestMember,
      TestMember,
    ]
    const until = (what: () => boolean) => vi.waitUntil(what, {interval: 2, timeout: 10_000})
    await until(() => [a, b, c].every(({held}) => held.length > 0))
    await until(() => [...a.held, ...b.held, ...c.held].sort().join() === names.join())
    await a.cluster.leave()
    await until(() => [...b.held, ...c.held].sort().join() === names.join())
    b.abort.abort()
    await until(() => c.held.join() === names.join())
    expect(c.takenOver).toBeGreaterThan(0)
    await c.cluster.leave()
    expect(await redis.call(['HLEN', keys.leases])).toBe(0)
  })
})
