import {describe, expect, test} from 'vitest'
import {useChat} from '../../support/chat.js'
import {faultsOf, openWorld, took} from './kit.js'

/** What takes this long is not coming. */
const LIMIT_MS = 60_000
const TAKEOVER_MS = 10_000

describe('members of a group', () => {
  const chat = useChat()

  test(
    'two share 10 rooms evenly; the other has all within 10 s of a kill, and each message is there once',
    async () => {
      const world = await openWorld(chat, 10)
      const first = world.relay()
      await first.sees('stderr', 'ready: relaying 10 rooms to chat\n')
      await world.post(1)
      const second = world.relay()
      await Promise.all([
        first.sees('stderr', 'now 5 of 10 rooms (one of 2 members)'),
        second.sees('stderr', /(ready: relaying|now) 5 of 10 rooms.* \(one of 2 members\)/),
      ])
      await world.post(2)
      await world.entries()
      first.child.kill('SIGKILL')
      const posting = world.post(2)
      expect(await took(second.sees('stderr', /now 10 rooms\n/))).toBeLessThan(TAKEOVER_MS)
      await posting
      await world.post(1)
      expect(await faultsOf(chat, world)).toEqual([])
    },
    LIMIT_MS,
  )

  test(
    'one that freezes loses its rooms, and writes nothing to them when it thaws',
    async () => {
      const world = await openWorld(chat, 4)
      const first = world.relay()
      await first.sees('stderr', 'ready: ')
      const second = world.relay()
      await first.sees('stderr', 'now 2 of 4 rooms')
      await second.sees('stderr', /2 of 4 rooms/)
      const posting = world.post(3)
      first.child.kill('SIGSTOP')
      expect(await took(second.sees('stderr', /now 4 rooms\n/))).toBeLessThan(TAKEOVER_MS)
      await posting
      await world.post(2)
      await world.entries()
      first.child.kill('SIGCONT')
      await first.sees('stderr', /now (0|2) of 4 rooms.*now 2 of 4 rooms/s)
      await world.post(2)
      expect(await faultsOf(chat, world)).toEqual([])
    },
    LIMIT_MS,
  )

  test(
    'one that is told to end writes what it took and gives its rooms back at once',
    async () => {
      const world = await openWorld(chat, 3)
      const first = world.relay()
      await first.sees('stderr', 'ready: relaying 3 rooms')
      const second = world.relay()
      await second.sees('stderr', / [12] of 3 rooms/)
      await world.post(2)
      first.child.kill('SIGTERM')
      const [end] = await Promise.all([first.ended, second.sees('stderr', /now 3 rooms\n/)])
      expect(end.code).toBe(143)
      expect(end.stderr).toMatch(
        /\nended: terminated; \d+ messages? relayed; \d+\.\d s; .* goes on from here\n$/,
      )
      await world.post(1)
      expect(await faultsOf(chat, world)).toEqual([])
    },
    LIMIT_MS,
  )

  test(
    'more members than rooms: the last one stands by',
    async () => {
      const world = await openWorld(chat, 1)
      const first = world.relay()
      await first.sees('stderr', 'ready: relaying 1 room to chat\n')
      const second = world.relay()
      await second.sees('stderr', 'ready: relaying 0 of 1 room to chat (one of 2 members)')
      first.child.kill('SIGINT')
      await second.sees('stderr', 'now 1 room\n')
      await world.post(2)
      expect(await faultsOf(chat, world)).toEqual([])
    },
    LIMIT_MS,
  )
})
