import {describe, expect, test} from 'vitest'
import {DIALECTS, recordsOf} from '../../support/chat.js'
import {IN_DOUBT, kill, stop, told, useStreams} from './stream-kit.js'

/** A member that is killed leaves its lease behind for some seconds. */
const TAKEOVER_LIMIT_MS = 10_000
const LIMIT_MS = 40_000

describe.each(DIALECTS)('kill -9 between send and acknowledgement, %s', dialect => {
  const world = useStreams(dialect)

  test(
    'what was sent is not sent again, also where all entries say the same',
    async () => {
      const first = world.relay()
      await first.sees('stderr', 'ready: ')
      await world.add({content: 'same'})
      await told(first, 1)
      for (const spec of IN_DOUBT) world.sandbox.faults.arm(spec)
      await world.add({content: 'same'})
      await world.add({content: 'same'})
      await first.sees('stderr', 'trying again in')
      await kill(first)
      expect(await world.pending()).toBe(1)
      world.sandbox.faults.clear()
      expect(await world.contents()).toEqual(['same', 'same'])
      const killedMs = Date.now()
      const second = world.relay()
      await told(second, 2)
      expect(Date.now() - killedMs).toBeLessThan(TAKEOVER_LIMIT_MS)
      const {stdout} = await stop(second)
      expect(recordsOf({stdout}).map(({result}) => result)).toEqual(['repeated', 'sent'])
      expect(await world.contents()).toEqual(['same', 'same', 'same'])
      expect(await world.pending()).toBe(0)
    },
    LIMIT_MS,
  )

  test(
    'what was not sent is sent, though the same text stands there from before',
    async () => {
      const first = world.relay()
      await first.sees('stderr', 'ready: ')
      await world.add({content: 'same'})
      await told(first, 1)
      world.sandbox.faults.arm({kind: 'reset_before', path: '/rooms/', count: 10_000})
      await world.add({content: 'same'})
      await first.sees('stderr', 'trying again in')
      await kill(first)
      world.sandbox.faults.clear()
      expect(await world.contents()).toEqual(['same'])
      const second = world.relay()
      await told(second, 1)
      expect(recordsOf(await stop(second)).map(({result}) => result)).toEqual(['sent'])
      expect(await world.contents()).toEqual(['same', 'same'])
    },
    LIMIT_MS,
  )
})

describe('two members', () => {
  // This one drops no repeats.
  const world = useStreams('guide')

  test(
    'the second stands by, takes over within 10 s of a kill, and keeps the order',
    async () => {
      const first = world.relay()
      await first.sees('stderr', 'ready: relaying jobs into rooms\n')
      const second = world.relay()
      await second.sees('stderr', 'ready: standing by for jobs\n')
      for (let nth = 0; nth < 10; nth++) await world.add({content: `${nth}`})
      await told(first, 10)
      for (const spec of IN_DOUBT) world.sandbox.faults.arm(spec)
      for (let nth = 10; nth < 20; nth++) await world.add({content: `${nth}`})
      await first.sees('stderr', 'trying again in')
      world.sandbox.faults.clear()
      await kill(first)
      const killedMs = Date.now()
      await told(second, 10)
      expect(Date.now() - killedMs).toBeLessThan(TAKEOVER_LIMIT_MS)
      const run = await stop(second)
      expect(run.stderr).toContain('now relaying jobs into rooms\n')
      expect(await world.contents()).toEqual(Array.from({length: 20}, (_, nth) => `${nth}`))
      expect(await world.pending()).toBe(0)
    },
    LIMIT_MS,
  )

  test(
    'one that leaves hands over at once',
    async () => {
      const first = world.relay()
      await first.sees('stderr', 'ready: relaying')
      const second = world.relay()
      await second.sees('stderr', 'ready: standing by')
      expect((await stop(first)).code).toBe(143)
      await world.add({content: 'after'})
      await told(second, 1)
      expect(await world.contents()).toEqual(['after'])
    },
    LIMIT_MS,
  )

  test(
    'one that was frozen sends nothing when it goes on, and later reads on',
    async () => {
      const first = world.relay()
      await first.sees('stderr', 'ready: relaying')
      const second = world.relay()
      await second.sees('stderr', 'ready: standing by')
      first.child.kill('SIGSTOP')
      for (let nth = 0; nth < 5; nth++) await world.add({content: `${nth}`})
      await told(second, 5)
      first.child.kill('SIGCONT')
      await first.sees('stderr', 'now standing by for jobs\n')
      await world.add({content: '5'})
      await told(second, 6)
      await kill(second)
      // The one before may not be acknowledged yet, and then comes first.
      await first.sees('stdout', await world.add({content: '6'}))
      expect(await world.contents()).toEqual(['0', '1', '2', '3', '4', '5', '6'])
    },
    LIMIT_MS,
  )

  test(
    'one that is frozen while it waits in line for the rate limit does not send when it goes on',
    async () => {
      const first = world.relay([], {env: {VEZA_RATE_LIMIT: '20'}})
      await first.sees('stderr', 'ready: relaying')
      for (let nth = 0; nth < 20; nth++) await world.add({content: `${nth}`})
      await first.sees('stderr', 'waiting')
      first.child.kill('SIGSTOP')
      const before = (await world.contents()).length
      const second = world.relay()
      await told(second, 20 - before)
      first.child.kill('SIGCONT')
      await first.sees('stderr', 'now standing by for jobs\n')
      await stop(first)
      expect(await world.contents()).toEqual(Array.from({length: 20}, (_, nth) => `${nth}`))
    },
    LIMIT_MS,
  )
})
