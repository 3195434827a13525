import {describe, expect, it} from 'vitest'
import {Fences} from '../../../../src/lib/realtime/feed/fences.js'
import {ManualTimers} from '../manual-timers.js'
import {sleepOn} from './feed-world.js'

function rig(isPaused = () => false) {
  const timers = new ManualTimers()
  const pings: string[] = []
  const end = new AbortController()
  const fences = new Fences({
    ping: payload => void pings.push(payload),
    isPaused,
    signal: end.signal,
    effects: {
      ...timers,
      sleep: (delayMs, signal) => sleepOn(timers, delayMs, signal),
    },
  })
  const passed: number[] = []
  const pass = (n: number) => fences.pass().then(() => passed.push(n))
  return {timers, pings, end, fences, passed, pass}
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

describe('a fence', () => {
  it('opens with its own pong and no other, and leaves no timer', async () => {
    const {fences, pings, pass, passed, timers} = rig()
    void pass(1)
    void pass(2)
    expect(new Set(pings).size).toBe(2)
    fences.pong('join 1')
    fences.pong(pings[1] ?? '')
    await turn()
    expect(passed).toEqual([2])
    fences.pong(pings[0] ?? '')
    await turn()
    expect([passed, timers.pending]).toEqual([[2, 1], 0])
  })

  it('opens after 5 s at a server that answers no ping', async () => {
    const {pass, passed, timers} = rig()
    void pass(1)
    timers.advance(4_999)
    await turn()
    expect(passed).toEqual([])
    timers.advance(1)
    await turn()
    expect(passed).toEqual([1])
  })

  it('waits for as long as the connection is not read', async () => {
    let paused = true
    const {pass, passed, timers} = rig(() => paused)
    void pass(1)
    timers.advance(5_000)
    await turn()
    expect(passed).toEqual([])
    paused = false
    timers.advance(5_000)
    await turn()
    expect(passed).toEqual([1])
  })

  it('opens at the end of the connection', async () => {
    const {pass, passed, end, timers} = rig(() => true)
    void pass(1)
    end.abort()
    await turn()
    expect([passed, timers.pending]).toEqual([[1], 0])
  })
})
