import {expect, test} from 'vitest'
import {guardedBudget} from '../../../../src/lib/cli/relay/guarded-budget.js'
import type {RateBudget} from '../../../../src/lib/http/types.js'
import {LeaseUnsure} from '../../../../src/lib/relay/stream-worker.js'

/** A budget whose turn comes when the test says so. */
function rig() {
  const notes: unknown[] = []
  const turns: (() => void)[] = []
  const asked: unknown[] = []
  const budget: RateBudget = {
    take: async (signal, ...rest) => {
      asked.push(rest)
      signal?.throwIfAborted()
      return new Promise((resolve, reject) => {
        turns.push(() => resolve(1500))
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    },
    note: async words => void notes.push(words),
  }
  const stopping = new AbortController()
  const lease = {isSure: true}
  return {
    guarded: guardedBudget(budget, () => lease.isSure, stopping.signal),
    notes,
    turns,
    asked,
    stopping,
    lease,
  }
}

test('a turn is a turn while the lease is sure', async () => {
  const {guarded, turns, asked} = rig()
  const turn = guarded.take(undefined, 60_000, 'why')
  turns[0]!()
  expect(await turn).toBe(1500)
  expect(asked).toEqual([[60_000, 'why']])
})

test('it is none when the lease was lost in line', async () => {
  const {guarded, turns, lease} = rig()
  const turn = guarded.take()
  lease.isSure = false
  turns[0]!()
  await expect(turn).rejects.toBeInstanceOf(LeaseUnsure)
})

test.each(['its own', 'that of the relay'])('an abort ends the wait: %s', async which => {
  const {guarded, stopping} = rig()
  const own = new AbortController()
  const turn = guarded.take(own.signal)
  const reason = new Error(which)
  ;(which === 'its own' ? own : stopping).abort(reason)
  await expect(turn).rejects.toBe(reason)
})

test('nothing is waited for once it is over', async () => {
  const {guarded, stopping} = rig()
  const reason = new Error('over')
  stopping.abort(reason)
  await expect(guarded.take()).rejects.toBe(reason)
})

test('what the server says is passed on', async () => {
  const {guarded, notes} = rig()
  await guarded.note({limit: 60})
  expect(notes).toEqual([{limit: 60}])
})
