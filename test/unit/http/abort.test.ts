import {expect, test} from 'vitest'
import {anySignal} from '../../../src/lib/http/abort.js'

test('one signal is itself; several are aborted with any of them', () => {
  const [one, two] = [new AbortController(), new AbortController()]
  expect(anySignal([one.signal])).toBe(one.signal)
  const either = anySignal([one.signal, two.signal])
  expect(either.aborted).toBe(false)
  two.abort('why')
  expect([either.aborted, either.reason, one.signal.aborted]).toEqual([true, 'why', false])
  expect(anySignal([]).aborted).toBe(false)
})
