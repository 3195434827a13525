import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {openRedisLine} from '../../../src/lib/state/budget/redis-line.js'
import type {Line} from '../../../src/lib/state/budget/types.js'
import {hasRedis, type Redis, startRedis} from '../../support/redis.js'

/** Redis counts by its own clock, which goes on while a test runs. */
const SLACK_MS = 900

describe.skipIf(!hasRedis && process.env.CI === undefined)('a line in Redis', () => {
  let redis: Redis
  const lines: Line[] = []

  beforeEach(async () => {
    redis = await startRedis()
  })

  afterEach(async () => {
    for (const line of lines.splice(0)) await line.close()
    await redis[Symbol.asyncDispose]()
  })

  async function open(limit = 6, account = 'alice'): Promise<Line> {
    const line = await openRedisLine(redis.url, account, limit)
    lines.push(line)
    return line
  }

  function expectWait(waitMs: number, expectedMs: number): void {
    expect(waitMs).toBeLessThanOrEqual(expectedMs)
    expect(waitMs).toBeGreaterThan(expectedMs - SLACK_MS)
  }

  it('gives places in turn, to all that use it', async () => {
    const [one, other] = [await open(), await open()]
    expect(await one.enter(0)).toEqual({waitMs: 0, taken: true, stops: 0, limit: 6, serverLimit: 0})
    expectWait((await other.enter(60_000)).waitMs, 10_000)
    expectWait((await one.enter(60_000)).waitMs, 20_000)
    expect((await (await open(6, 'bob')).enter(0)).waitMs).toBe(0)
  })

  it('gives a burst and then single places', async () => {
    const line = await open(60)
    const waits: number[] = []
    for (let nth = 0; nth < 6; nth++) waits.push((await line.enter(60_000)).waitMs)
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    expectWait(waits[5]!, 1000)
  })

  it('takes no place for a wait that is too long, and takes one back', async () => {
    const line = await open()
    await line.enter(0)
    const refused = await line.enter(5000)
    expect(refused.taken).toBe(false)
    expectWait(refused.waitMs, 10_000)
    const place = await line.enter(60_000)
    expectWait(place.waitMs, 10_000)
    await line.leave(place)
    expectWait((await line.enter(60_000)).waitMs, 10_000)
  })

  it('keeps the word of the server for all', async () => {
    const [one, other] = [await open(60), await open(60)]
    for (let nth = 0; nth < 9; nth++) await one.enter(60_000)
    await one.note({limit: 30, waitMs: 6000})
    expect(await other.stops()).toBe(1)
    const refused = await other.enter(1000)
    expect(refused).toMatchObject({taken: false, stops: 1, limit: 30, serverLimit: 30})
    expectWait(refused.waitMs, 6000)
    // The line begins anew, in single steps.
    expectWait((await other.enter(60_000)).waitMs, 6000)
    expectWait((await one.enter(60_000)).waitMs, 8000)
    await other.note({limit: 0, waitMs: 2000})
    expect(await one.stops()).toBe(1)
    expect((await one.enter(60_000)).limit).toBe(60)
  })

  it('is not there any more when Redis has gone', async () => {
    const line = await open()
    await line.enter(0)
    await redis.kill()
    await expect(line.enter(0)).rejects.toThrow()
    await expect(line.stops()).rejects.toThrow()
    await expect(openRedisLine(redis.url, 'alice', 6)).rejects.toMatchObject({code: 'ECONNREFUSED'})
  })

  it('fails within two seconds when Redis hangs', async () => {
    const line = await open()
    redis.freeze()
    const [call, connection] = [line.enter(0), openRedisLine(redis.url, 'alice', 6)]
    await expect(call).rejects.toMatchObject({code: 'ETIMEDOUT'})
    await expect(connection).rejects.toMatchObject({code: 'ETIMEDOUT'})
  })

  it('refuses a wrong password without repeating it', async () => {
    const url = redis.url.replace(redis.password, 'wrong-one')
    await expect(openRedisLine(url, 'alice', 6)).rejects.toThrow(/^WRONGPASS(?!.*wrong-one)/)
  })
})
