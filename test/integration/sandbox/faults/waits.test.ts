import {expect, it} from 'vitest'

import {Waits} from '../../../../src/sandbox/faults/waits.js'

/** Timers that run when the test says so. */
function setUp() {
  const timers: {delayMs: number; work: () => void; isOff: boolean}[] = []
  const waits = new Waits((delayMs, work) => {
    const timer = {delayMs, work, isOff: false}
    timers.push(timer)
    return () => {
      timer.isOff = true
    }
  })
  const done: string[] = []
  const wait = (name: string, delayMs = 5) => waits.after(delayMs, () => done.push(name))
  return {waits, timers, done, wait}
}

it('does what waits when its time has come, once', () => {
  const {waits, timers, done, wait} = setUp()
  wait('a', 7)
  expect([timers[0]?.delayMs, done]).toEqual([7, []])
  timers[0]?.work()
  waits.flush()
  expect(done).toEqual(['a'])
})

it('flush does it now, in its order, and no timer does it again', () => {
  const {waits, timers, done, wait} = setUp()
  wait('a')
  wait('b')
  waits.flush()
  expect(done).toEqual(['a', 'b'])
  expect(timers.map(({isOff}) => isOff)).toEqual([true, true])
})

it('flush leaves what begins to wait meanwhile', () => {
  const {waits, done, wait} = setUp()
  waits.after(5, () => wait('later'))
  waits.flush()
  expect(done).toEqual([])
  waits.flush()
  expect(done).toEqual(['later'])
})
