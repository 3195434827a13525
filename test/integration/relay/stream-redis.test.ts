import {describe, expect, test} from 'vitest'
import {errorOf, recordsOf} from '../../support/chat.js'
import {closedPort} from '../../support/http-stub.js'
import {stop, told, useStreams} from './stream-kit.js'

const LIMIT_MS = 40_000
const world = useStreams()

describe('at the start', () => {
  test('nobody answers: 6', async () => {
    const url = `redis://127.0.0.1:${await closedPort()}`
    const run = await world.relay([], {env: {VEZA_REDIS_URL: url}}).ended
    expect(run.code).toBe(6)
    expect(errorOf(run)).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('a wrong password: 2, and it is shown nowhere', async () => {
    const url = world.redis.url.replace(world.redis.password, 'wr0ng-word')
    const run = await world.relay(['--debug'], {env: {VEZA_REDIS_URL: url}}).ended
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('WRONGPASS')
    expect(run.stderr).not.toContain('wr0ng-word')
  })
})

describe('later', () => {
  test(
    'Redis is away: the relay waits, says so once, and goes on',
    async () => {
      const relay = world.relay()
      await relay.sees('stderr', 'ready: ')
      await world.add({content: 'before'})
      await told(relay, 1)
      world.redis.freeze()
      await relay.sees('stderr', /warning: Redis at \S+ is away/)
      world.redis.thaw()
      await relay.sees('stderr', /warning: Redis at \S+ is back/)
      await world.add({content: 'after'})
      await told(relay, 2)
      const run = await stop(relay)
      expect(run.code).toBe(143)
      expect(await world.contents()).toEqual(['before', 'after'])
      expect(run.stderr.match(/is away/g)).toHaveLength(1)
    },
    LIMIT_MS,
  )

  test(
    'Redis comes back empty: the group is made again and misses nothing that comes then',
    async () => {
      const relay = world.relay()
      await relay.sees('stderr', 'ready: ')
      await world.add({content: 'before'})
      await told(relay, 1)
      await world.redis.restart()
      await world.add({content: 'one'})
      await world.add({content: 'two'})
      await told(relay, 3)
      await stop(relay)
      expect(await world.contents()).toEqual(['before', 'one', 'two'])
      expect(await world.pending()).toBe(0)
    },
    LIMIT_MS,
  )

  test(
    'the stream is deleted, and made again with ids from the begin: they are other entries',
    async () => {
      const relay = world.relay()
      await relay.sees('stderr', 'ready: ')
      const fields = ['room_id', String(world.roomId), 'content']
      await world.redis.command('XADD', 'jobs', '5-1', ...fields, 'one')
      await told(relay, 1)
      await world.redis.command('DEL', 'jobs')
      await world.redis.command('XADD', 'jobs', '1-1', ...fields, 'another')
      await told(relay, 2)
      expect(recordsOf(await stop(relay)).map(({result}) => result)).toEqual(['sent', 'sent'])
      expect(await world.contents()).toEqual(['one', 'another'])
    },
    LIMIT_MS,
  )

  test(
    'Redis is full: what is sent is acknowledged, dead letters wait, and keep their place',
    async () => {
      const relay = world.relay()
      await relay.sees('stderr', 'ready: ')
      world.sandbox.faults.arm({kind: 'html', method: 'POST', path: '/rooms/', count: 10_000})
      await world.add({content: 'one'})
      await world.add({content: 'no such room', room_id: 99_999})
      await world.add({content: 'two'})
      await relay.sees('stderr', 'trying again in')
      await world.redis.fill(true)
      world.sandbox.faults.clear()
      await told(relay, 1)
      await relay.sees('stderr', 'warning: Redis is full')
      expect(await world.pending()).toBe(1)
      expect(await world.reasons()).toEqual([])
      await world.redis.fill(false)
      await told(relay, 3)
      const run = await stop(relay)
      expect(recordsOf(run).map(({result}) => result)).toEqual(['sent', 'dead', 'sent'])
      expect(await world.reasons()).toHaveLength(1)
      expect(await world.contents()).toEqual(['one', 'two'])
      expect(run.stderr.match(/Redis is full/g)).toHaveLength(1)
      expect(run.stderr).toContain('Redis takes more again\n')
    },
    LIMIT_MS,
  )

  test(
    'ended while Redis is away: within 5 s',
    async () => {
      const relay = world.relay()
      await relay.sees('stderr', 'ready: ')
      world.redis.freeze()
      try {
        await relay.sees('stderr', 'is away')
        const stoppedMs = Date.now()
        const run = await stop(relay)
        expect(run.code).toBe(143)
        expect(run.stderr).toContain('\nended: terminated; 0 messages sent; ')
        expect(Date.now() - stoppedMs).toBeLessThan(5500)
      } finally {
        world.redis.thaw()
      }
    },
    LIMIT_MS,
  )
})
