import {describe, expect, it} from 'vitest'
import {Warnings} from '../../../../src/lib/realtime/feed/warnings.js'
import {ManualTimers} from '../manual-timers.js'
import {sleepOn, turn} from './feed-world.js'

function rig() {
  const timers = new ManualTimers()
  const told: string[] = []
  const end = new AbortController()
  const {now, random} = timers
  const warnings = new Warnings({
    effects: {now, random, sleep: (delayMs, signal) => sleepOn(timers, delayMs, signal)},
    signal: end.signal,
    wording: (count, last) => `${count}: ${last}`,
    tell: message => void told.push(message),
  })
  const pass = async (ms: number) => {
    timers.advance(ms)
    await turn()
  }
  return {warnings, told, end, pass, timers}
}

describe('Warnings', () => {
  it('tells the first at once and of the others each 10 s their number and the last', async () => {
    const {warnings, told, pass} = rig()
    for (const problem of ['a', 'b', 'c']) warnings.note(problem)
    expect(told).toEqual(['1: a'])
    await pass(9_999)
    warnings.note('d')
    expect(told).toHaveLength(1)
    await pass(1)
    expect(told).toEqual(['1: a', '3: d'])
    warnings.note('e')
    await pass(10_000)
    expect(told.at(-1)).toBe('1: e')
    await pass(10_000)
    warnings.note('f')
    expect(told.at(-1)).toBe('1: f')
  })

  it('tells nothing after the end, and leaves no timer', async () => {
    const {warnings, told, end, timers} = rig()
    warnings.note('a')
    warnings.note('b')
    end.abort()
    await turn()
    warnings.note('c')
    expect([told, timers.pending]).toEqual([['1: a'], 0])
  })
})
