import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {useChat} from '../../support/chat.js'
import {closedPort} from '../../support/http-stub.js'
import {startRedis} from '../../support/redis.js'
import {faultsOf, openWorld} from './kit.js'

const LIMIT_MS = 60_000

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'veza-redis-'))
  onTestFinished(() => rmSync(path, {recursive: true, force: true}))
  return path
}

describe('a relay and its Redis', () => {
  const chat = useChat()
  const relay = (url: string | undefined, ...args: string[]) =>
    chat.alice.run(['relay', 'rooms', ...args], {env: {VEZA_REDIS_URL: url}})

  test(
    'one that is not there, and one that refuses the password',
    async () => {
      const {code, stderr} = await relay(`redis://127.0.0.1:${await closedPort()}`, '--stream', 'chat')
      expect([code, stderr]).toEqual([
        6,
        expect.stringMatching(/^error: cannot reach Redis at 127\.0\.0\.1:\d+ /),
      ])
      await using redis = await startRedis()
      const refused = await relay(`redis://:wrong@127.0.0.1:${redis.port}`, '--stream', 'chat')
      expect(refused.code).toBe(2)
      expect(refused.stderr).toContain('VEZA_REDIS_URL')
      expect(refused.stderr).not.toContain('wrong')
    },
    LIMIT_MS,
  )

  test(
    'one that does not permit what leases need, which only the first beat shows',
    async () => {
      await using redis = await startRedis()
      const permissions = ['+@read', '+@write', '+@scripting', '+@connection', '-time']
      await redis.command('ACL', 'SETUSER', 'some', 'on', '>half', '~*', ...permissions)
      const env = {VEZA_REDIS_URL: `redis://some:half@127.0.0.1:${redis.port}`}
      const commands = [
        ['relay', 'rooms', '--stream', 'chat'],
        ['relay', 'stream', 'jobs'],
        ['bot', 'run', '--redis'],
      ]
      for (const command of commands)
        expect(await chat.alice.run(command, {env})).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('refuses this access (NOPERM)'),
        })
    },
    LIMIT_MS,
  )

  test(
    'a key that is no stream, and a stream of another server',
    async () => {
      await using redis = await startRedis()
      await redis.command('SET', 'text', 'x')
      expect(await relay(redis.url, '--stream', 'text')).toMatchObject({
        code: 2,
        stderr: 'error: the key text holds a string, not a stream\nhint: give another key\n',
      })
      await redis.command('HSET', '{chat}:veza-rooms:cursors', '@owner', 'http://other.example')
      expect(await relay(redis.url, '--stream', 'chat')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('the rooms of another server: http://other.example\n'),
      })
    },
    LIMIT_MS,
  )

  test(
    'killed and started again with all it had: nothing is missing, nothing is there twice',
    async () => {
      const world = await openWorld(chat, 3, await startRedis(folder()))
      const running = world.relay()
      await running.sees('stderr', 'ready: ')
      await world.post(2)
      await world.redis.kill()
      await running.sees('stderr', 'is away')
      await world.post(3)
      await world.redis.restart()
      await running.sees('stderr', 'is back')
      await world.post(1)
      expect(await faultsOf(chat, world)).toEqual([])
    },
    LIMIT_MS,
  )

  test(
    'killed and started again empty: it says so, and what came meanwhile comes',
    async () => {
      const world = await openWorld(chat, 2)
      const running = world.relay()
      await running.sees('stderr', 'ready: ')
      const before = world.rooms.length
      await world.post(1)
      await world.entries()
      await world.redis.kill()
      await running.sees('stderr', 'is away')
      await world.post(2)
      await world.redis.restart()
      await running.sees('stderr', 'warning: Redis has lost how far 2 rooms are')
      await world.post(1)
      const later = (await world.entries(before)).map(({content}) => content)
      const all = await Promise.all(world.rooms.map(({id}) => chat.contents(id)))
      expect(later.sort()).toEqual(all.flatMap(contents => contents.slice(1)).sort())
    },
    LIMIT_MS,
  )

  test(
    'full: it says so, the server is held back, and all comes once there is memory',
    async () => {
      const world = await openWorld(chat, 2)
      const running = world.relay()
      await running.sees('stderr', 'ready: ')
      await world.redis.fill(true)
      await world.post(2)
      await running.sees('stderr', 'warning: Redis is full: what comes waits until it takes more\n')
      await world.redis.fill(false)
      await running.sees('stderr', 'Redis takes more again\n')
      expect(await faultsOf(chat, world)).toEqual([])
      running.child.kill('SIGTERM')
      expect((await running.ended).stderr.match(/Redis is full/g)).toHaveLength(1)
    },
    LIMIT_MS,
  )

  test(
    'a signal while Redis is away ends it all the same; the next run has the rest',
    async () => {
      const world = await openWorld(chat, 1, await startRedis(folder()))
      const first = world.relay()
      await first.sees('stderr', 'ready: ')
      await world.post(2)
      await world.entries()
      await world.redis.kill()
      await first.sees('stderr', 'is away')
      await world.post(2)
      first.child.kill('SIGINT')
      const end = await first.ended
      expect([end.code, end.stderr]).toEqual([
        130,
        expect.stringContaining('\nended: interrupted; 2 messages relayed'),
      ])
      await world.redis.restart()
      const second = world.relay()
      await second.sees('stderr', 'ready: ')
      expect(await faultsOf(chat, world)).toEqual([])
    },
    LIMIT_MS,
  )
})
