import {expect, test} from 'vitest'
import {ShareTeller} from '../../../../src/lib/cli/relay/share-teller.js'
import {away, refusal} from '../../../../src/lib/state/redis/errors.js'

function rig() {
  const lines: string[] = []
  const note = (prefix: string) => (text: string) => void lines.push(`${prefix}${text}`)
  const state = {rooms: 0, of: 3, members: 0, isKnown: false}
  const abort = new AbortController()
  const teller = new ShareTeller({
    out: {notice: note(''), ready: note('ready: '), warn: note('warning: ')},
    stream: 'chat',
    rooms: () => state.rooms,
    of: () => state.of,
    members: () => state.members,
    isKnown: () => state.isKnown,
    onReady: () => void lines.push('begun'),
    signal: abort.signal,
    sleep: async () => undefined,
  })
  /** The share has changed, and stood for a while. */
  const changed = async (share: Partial<typeof state>): Promise<void> => {
    Object.assign(state, share)
    teller.changed()
    await new Promise(setImmediate)
  }
  return {teller, lines, state, abort, changed}
}

test('ready once the feed is live, there is a share, and Redis knows how far it is; then each change, once', async () => {
  const {teller, lines, state, changed} = rig()
  await changed({})
  teller.live()
  await changed({members: 1, rooms: 3})
  expect([lines, teller.isReady]).toEqual([[], false])
  await changed({isKnown: true})
  await changed({})
  for (const rooms of [2, 1]) {
    state.rooms = rooms
    teller.changed()
  }
  await changed({members: 2, rooms: 2})
  await changed({isKnown: false, rooms: 3})
  expect(lines).toEqual(['begun', 'ready: relaying 3 rooms to chat', 'now 2 of 3 rooms (one of 2 members)'])
})

test('without a share it stands by, once there was an answer of Redis', () => {
  const {teller, lines, state} = rig()
  teller.live()
  state.isKnown = true
  teller.standBy()
  state.members = 4
  teller.changed()
  expect(lines).toEqual([])
  teller.standBy()
  teller.standBy()
  expect(lines).toEqual(['begun', 'ready: relaying 0 of 3 rooms to chat (one of 4 members)'])
})

test('nothing of a share that is given back at the end', async () => {
  const {teller, lines, state, abort, changed} = rig()
  Object.assign(state, {members: 1, rooms: 3, isKnown: true})
  teller.live()
  abort.abort()
  await changed({rooms: 0})
  expect(lines).toHaveLength(2)
})

test('that Redis is full is said once, and that it is not any more; that it is away its client says', () => {
  const {teller, lines} = rig()
  teller.trouble(away('redis:6379', 'ECONNREFUSED'))
  teller.written()
  const full = refusal('redis:6379', 'OOM command not allowed')
  teller.trouble(full)
  teller.trouble(full)
  teller.written()
  teller.written()
  teller.emptied(1)
  expect(lines).toEqual([
    'warning: Redis is full: what comes waits until it takes more',
    'Redis takes more again',
    'warning: Redis has lost how far 1 room is: going on behind what was written last',
  ])
})
