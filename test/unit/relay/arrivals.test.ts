import {expect, test} from 'vitest'
import {Arrivals} from '../../../src/lib/relay/arrivals.js'
import type {RedisValue} from '../../../src/lib/state/redis/script.js'

/** A Redis that answers when it is told to. */
function rig() {
  const calls: {args: readonly (string | number)[]; answer: () => void; fail: () => void}[] = []
  const sleeps: (() => void)[] = []
  const redis = {
    call: (args: readonly (string | number)[]) =>
      new Promise<RedisValue>((resolve, reject) => {
        calls.push({args, answer: () => resolve(null), fail: () => reject(new Error('away'))})
      }),
  }
  const arrivals = new Arrivals(redis, () => new Promise<void>(resolve => void sleeps.push(resolve)))
  const ending = new AbortController()
  const over: string[] = []
  const wait = (stream: string, lastId: string) =>
    arrivals.wait(stream, lastId, ending.signal).then(() => void over.push(stream))
  return {calls, sleeps, ending, over, wait}
}

const COMMAND = ['XREAD', 'COUNT', 1, 'BLOCK', 1000, 'STREAMS']

test('streams that wait together are asked for together; who comes later with the next call', async () => {
  const {calls, over, wait} = rig()
  const a = wait('a', '1-0')
  const b = wait('b', '2-0')
  expect(calls.map(({args}) => args)).toEqual([[...COMMAND, 'a', '1-0']])
  calls[0]!.answer()
  await a
  expect(over).toEqual(['a'])
  const again = wait('a', '3-0')
  expect(calls[1]!.args).toEqual([...COMMAND, 'b', '2-0'])
  calls[1]!.answer()
  await b
  expect(calls[2]!.args).toEqual([...COMMAND, 'a', '3-0'])
  calls[2]!.answer()
  await again
  expect(calls).toHaveLength(3)
})

test('a failure ends the wait after a pause, and no later call is lost', async () => {
  const {calls, sleeps, over, wait} = rig()
  const a = wait('a', '1-0')
  calls[0]!.fail()
  await new Promise(resolve => setImmediate(resolve))
  expect([over, sleeps.length]).toEqual([[], 1])
  sleeps[0]!()
  await a
  const again = wait('a', '1-0')
  calls[1]!.answer()
  await again
  expect(over).toEqual(['a', 'a'])
})

test('an abort ends it at once, also before it begins', async () => {
  const {calls, ending, over, wait} = rig()
  const a = wait('a', '1-0')
  ending.abort()
  await a
  await wait('b', '1-0')
  expect(over).toEqual(['a', 'b'])
  expect(calls).toHaveLength(1)
})
