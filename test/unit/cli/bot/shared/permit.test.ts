import {describe, expect, test} from 'vitest'
import {LostLease} from '../../../../../src/lib/cli/bot/shared/lost-lease.js'
import {openPermit} from '../../../../../src/lib/cli/bot/shared/permit.js'
import type {Begun} from '../../../../../src/lib/state/redis/channel-store.js'
import type {Lease} from '../../../../../src/lib/state/redis/cluster-store.js'
import {EFFECTS, REDIS_AWAY} from './kit.js'

const ROOM = {kind: 'room', id: 1} as const
const LEASE = {name: 'room:1', token: 1}

/** A permit over a Redis that answers, or fails, so. */
function rig(answers: readonly (Begun | Error)[], {sure = [true]}: {sure?: boolean[]} = {}) {
  const left = [...answers]
  const log: string[] = []
  let lease: Lease | undefined = LEASE
  const abort = new AbortController()
  const permit = openPermit({
    effects: {...EFFECTS, sleep: async () => void log.push('sleep')},
    signal: abort.signal,
    onTrouble: () => void log.push('trouble'),
    onFenced: () => void log.push('fenced'),
    channels: {
      leaseOf: () => lease,
      lost: () => {
        lease = undefined
      },
    },
    cluster: {isSure: () => sure.shift() ?? true},
    store: {
      begin: async () => {
        const answer = left.shift()
        if (answer === undefined || answer instanceof Error) throw answer
        return answer
      },
    },
  })
  const lose = (): void => {
    lease = undefined
  }
  return {permit, log, abort, lose}
}

describe('openPermit', () => {
  test.each([
    ['first', false],
    ['again', true],
  ] as const)('%s: another has begun it: %s', async (answer, begun) => {
    expect(await rig([answer]).permit.begin(ROOM, 9)).toBe(begun)
  })

  test('waits while Redis is away', async () => {
    const {permit, log} = rig([REDIS_AWAY, REDIS_AWAY, 'first'])
    expect(await permit.begin(ROOM, 9)).toBe(false)
    expect(log).toEqual(['trouble', 'sleep', 'trouble', 'sleep'])
  })

  test('what another has by now is lost', async () => {
    const {permit, log} = rig(['fenced'])
    await expect(permit.begin(ROOM, 9)).rejects.toThrow(LostLease)
    await expect(permit.sure(ROOM)).rejects.toThrow(LostLease)
    expect(log).toEqual(['fenced'])
  })

  test('a send waits until nobody else can have the lease', async () => {
    const {permit, log} = rig([], {sure: [false, false, true]})
    await permit.sure(ROOM)
    expect(log).toEqual(['sleep', 'sleep'])
  })

  test('the end of the bot ends both', async () => {
    const {permit, abort} = rig([REDIS_AWAY], {sure: [false, false, false]})
    abort.abort(new Error('over'))
    await expect(permit.begin(ROOM, 9)).rejects.toThrow('over')
    await expect(permit.sure(ROOM)).rejects.toThrow('over')
  })
})
