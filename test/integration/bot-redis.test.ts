import {createInterface} from 'node:readline'
import {describe, expect, test} from 'vitest'
import {DIALECTS, type Fields, rowsOf, signIn} from '../support/chat.js'
import {hasRedis, type Redis, startRedis} from '../support/redis.js'
import {homeOf, openSandbox} from '../support/sandbox.js'
import type {Running} from '../support/veza.js'
import {figure} from '../unit/metrics/kit.js'

const ROOMS = 4
const BOT_ID = 4
const LIMIT_MS = 30_000

/** A server with some rooms that the bot is in, a Redis, and alice, who asks. */
async function openWorld(redis: Redis, dialect: (typeof DIALECTS)[number] = 'reference') {
  const sandbox = await openSandbox({dialect})
  const token = await signIn(sandbox.url, 'alice')
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${sandbox.url}/api/v1${path}`, {
      method,
      headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'},
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
    const answer = (await response.json()) as Fields
    return 'data' in answer ? answer.data : answer
  }
  // Everybody is in the first room.
  const paths = ['/rooms/1/messages']
  for (let number = 3; number < ROOMS + 1; number += 1) {
    const {id} = (await call('POST', '/rooms', {name: `room-${number}`})) as {id: number}
    await call('POST', `/rooms/${id}/members`, {user_id: BOT_ID, role: 'member'})
    paths.push(`/rooms/${id}/messages`)
  }
  const talk = (await call('POST', '/conversations', {user_id: BOT_ID})) as Fields
  paths.push(`/conversations/${talk.conversation_id ?? talk.id}/messages`)
  const home = homeOf(sandbox, 'bot', {VEZA_REDIS_URL: redis.url, VEZA_RETRY_DELAY: '20ms'})
  const args = ['bot', 'run', '--redis', '--json', '--dm-cap', '1000/1s']
  return {
    sandbox,
    call,
    start: (...more: string[]): Bot => recorded(home.start([...args, ...more])),
    run: (...more: string[]) => home.run([...args, ...more]),
    /** One command in each channel. */
    async ask(content: string): Promise<void> {
      for (const path of paths) await call('POST', path, {content})
    },
    /** How often each command was answered, by channel. */
    async counts(): Promise<number[][]> {
      const all: number[][] = []
      for (const path of paths) {
        const rows = rowsOf(await call('GET', `${path}?limit=100`), 'messages') as Fields[]
        const answers = rows.filter(({author_id}) => author_id === BOT_ID)
        const parent = (row: Fields) => row.parent_id ?? row.parent_message_id
        const commands = rows.filter(({author_id}) => author_id !== BOT_ID).reverse()
        all.push(commands.map(({id}) => answers.filter(row => parent(row) === id).length))
      }
      return all
    },
  }
}

/** A bot, and the messages that it has told of so far. */
interface Bot extends Running {
  readonly told: Set<unknown>
  /** Called with each. */
  onTold: () => void
}

function recorded(running: Running): Bot {
  const bot: Bot = {...running, told: new Set(), onTold: () => undefined}
  createInterface({input: running.child.stdout!}).on('line', line => {
    bot.told.add((JSON.parse(line) as Fields).message_id)
    bot.onTold()
  })
  return bot
}

/** Resolves once these have told of so many messages between them; one may be told of by both, as `repeated`. */
function toldBetween(bots: readonly Bot[], count: number): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (new Set(bots.flatMap(({told}) => [...told])).size >= count) resolve()
    }
    for (const bot of bots) bot.onTold = look
    look()
  })
}

/** Two bots that have half of the channels each. */
async function startTwo(world: Awaited<ReturnType<typeof openWorld>>): Promise<readonly [Bot, Bot]> {
  const bots = [world.start(), world.start()] as const
  for (const bot of bots) await bot.sees('stderr', /answering 2 of 4 channels, one of 2 members/)
  return bots
}

const once4 = (commands: number): number[][] => Array.from({length: ROOMS}, () => Array(commands).fill(1))

describe.skipIf(!hasRedis)('bots that share their work over Redis', () => {
  test.each(DIALECTS)(
    'a killed one is taken over, and each command is answered once, %s',
    async dialect => {
      await using redis = await startRedis()
      const world = await openWorld(redis, dialect)
      const bots = await startTwo(world)
      await world.ask('!bot ping')
      await toldBetween(bots, 4)
      const [first, second] = bots
      expect(first.told.size).toBe(2)
      first.child.kill('SIGKILL')
      const killedMs = performance.now()
      await world.ask('!bot time')
      await second.sees('stderr', 'answering 4 of 4 channels, the only member')
      await toldBetween(bots, 8)
      expect(performance.now() - killedMs).toBeLessThan(10_000)
      expect(await world.counts()).toEqual(once4(2))
      second.child.kill('SIGTERM')
      expect((await second.ended).code).toBe(143)
    },
    LIMIT_MS,
  )

  test(
    'one that leaves gives its channels to the other at once',
    async () => {
      await using redis = await startRedis()
      const world = await openWorld(redis)
      const first = world.start()
      await first.sees('stderr', 'answering 4 of 4 channels, the only member')
      const second = world.start('--metrics-listen', '0')
      const [, url = ''] = /metrics: (\S+)/.exec(await second.sees('stderr', /metrics: \S+\n/)) ?? []
      await second.sees('stderr', 'answering 2 of 4 channels, one of 2 members')
      const figures = async (): Promise<unknown[]> => {
        const text = await (await fetch(url)).text()
        const names = ['relay_rooms', 'relay_members', 'relay_takeovers_total', 'redis_connected']
        return names.map(name => figure(text, `veza_${name}`))
      }
      expect(await figures()).toEqual([2, 2, 0, 1])
      first.child.kill('SIGTERM')
      const {stderr, code} = await first.ended
      expect([code, stderr]).toEqual([143, expect.stringContaining('the next run goes on from here')])
      expect(stderr).not.toContain('answering 0')
      await second.sees('stderr', 'answering 4 of 4 channels, the only member')
      expect(await figures()).toEqual([4, 1, 0, 1])
      await world.ask('!bot ping')
      await toldBetween([second], 4)
      expect(await world.counts()).toEqual(once4(1))
      second.child.kill('SIGTERM')
      await second.ended
    },
    LIMIT_MS,
  )

  test(
    'a frozen one answers nothing that the other has answered',
    async () => {
      await using redis = await startRedis()
      const world = await openWorld(redis)
      const [first, second] = await startTwo(world)
      first.child.kill('SIGSTOP')
      await world.ask('!bot ping')
      await second.sees('stderr', 'answering 4 of 4 channels, the only member')
      await toldBetween([second], 4)
      first.child.kill('SIGCONT')
      await second.sees('stderr', /the only member[\s\S]*answering 2 of 4 channels, one of 2 members/)
      await world.ask('!bot time')
      await toldBetween([first, second], 8)
      expect(await world.counts()).toEqual(once4(2))
      for (const bot of [first, second]) bot.child.kill('SIGTERM')
      await Promise.all([first.ended, second.ended])
    },
    LIMIT_MS,
  )

  test(
    'while Redis stands still, or is full, answers wait, and come once each',
    async () => {
      await using redis = await startRedis()
      const world = await openWorld(redis)
      const bots = await startTwo(world)
      redis.freeze()
      await bots[0].sees('stderr', /warning: Redis at \S+ is away/)
      await world.ask('!bot ping')
      expect(await world.counts()).toEqual(Array.from({length: ROOMS}, () => [0]))
      redis.thaw()
      await toldBetween(bots, 4)
      expect(await world.counts()).toEqual(once4(1))
      await redis.fill(true)
      await world.ask('!bot help')
      await bots[0].sees('stderr', 'warning: Redis is full: answers wait until it takes more')
      await redis.fill(false)
      await toldBetween(bots, 8)
      expect(await world.counts()).toEqual(once4(2))
      // One that has lost all it knew: nothing is answered again, and nothing is missed.
      await redis.restart()
      await world.ask('!bot time')
      await toldBetween(bots, 12)
      expect(await world.counts()).toEqual(once4(3))
      for (const bot of bots) bot.child.kill('SIGTERM')
      await Promise.all(bots.map(bot => bot.ended))
    },
    LIMIT_MS,
  )

  test(
    'what is sent while nobody is there, in a conversation that is new too, is answered by the next',
    async () => {
      await using redis = await startRedis()
      const world = await openWorld(redis)
      const first = world.start()
      await first.sees('stderr', 'answering 4 of 4 channels')
      first.child.kill('SIGTERM')
      await first.ended
      await world.ask('!bot ping')
      const second = world.start()
      await toldBetween([second], 4)
      expect(await world.counts()).toEqual(once4(1))
      second.child.kill('SIGTERM')
      await second.ended
    },
    LIMIT_MS,
  )

  test(
    'what is refused: no Redis named, one that is not there, a wrong password, a cursor beside it',
    async () => {
      await using redis = await startRedis()
      const world = await openWorld(redis)
      expect(await world.run('--resume', 'x')).toMatchObject({code: 2})
      const home = homeOf(world.sandbox, 'bot')
      const none = await home.run(['bot', 'run', '--redis'])
      expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('VEZA_REDIS_URL is missing')])
      const wrong = await home.run(['bot', 'run', '--redis'], {
        env: {VEZA_REDIS_URL: redis.url.replace(redis.password, 'wrong')},
      })
      expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('refuses this access')])
      await redis.kill()
      expect(await world.run()).toMatchObject({code: 6})
    },
    LIMIT_MS,
  )
})
