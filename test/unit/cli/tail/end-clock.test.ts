import {describe, expect, test} from 'vitest'
import {EndClock, type EndClockOptions} from '../../../../src/lib/cli/tail/end-clock.js'
import type {Timers} from '../../../../src/lib/realtime/connection/heartbeat.js'
import {ManualTimers} from '../../realtime/manual-timers.js'

const START_MS = Date.UTC(2026, 10, 22)
const DAY_MS = 86_400_000

/** Node calls at once what is to be called later than a timer can count. */
function bounded(timers: ManualTimers): Timers {
  const setTimer: Timers['setTimer'] = (callback, delayMs) => {
    if (delayMs >= 2 ** 31) throw new Error(`no timer counts ${delayMs} ms`)
    return timers.setTimer(callback, delayMs)
  }
  return {now: timers.now, wallNow: timers.wallNow, random: timers.random, setTimer}
}

function clockOf(options: Partial<EndClockOptions>) {
  const timers = new ManualTimers()
  const log: string[] = []
  let confirm = (): void => undefined
  const clock = new EndClock({
    timers: bounded(timers),
    serverNow: () => START_MS + timers.now(),
    confirm: () => {
      log.push('confirm')
      return new Promise(resolve => {
        confirm = resolve
      })
    },
    end: reason => void log.push(reason),
    ...options,
  })
  clock.waiting = true
  const confirmed = async (): Promise<void> => {
    confirm()
    await Promise.resolve()
    await Promise.resolve()
  }
  return {clock, timers, log, confirmed}
}

describe('idle', () => {
  test('it ends once nothing has come out for so long, and history says so too', async () => {
    const {clock, timers, log, confirmed} = clockOf({idleMs: 1000})
    timers.advance(5000)
    expect(log).toEqual([])
    clock.live()
    timers.advance(600)
    clock.output()
    timers.advance(999)
    expect(log).toEqual([])
    timers.advance(1)
    expect(log).toEqual(['confirm'])
    await confirmed()
    expect(log).toEqual(['confirm', 'idle'])
    expect(timers.pending).toBe(0)
  })

  test('what comes out while history is asked begins the time anew', async () => {
    const {clock, timers, log, confirmed} = clockOf({idleMs: 1000})
    clock.live()
    timers.advance(1000)
    timers.advance(1)
    clock.output()
    await confirmed()
    expect(log).toEqual(['confirm'])
    timers.advance(1000)
    await confirmed()
    expect(log).toEqual(['confirm', 'confirm', 'idle'])
  })

  test('while the connection is down nothing can be said', async () => {
    const {clock, timers, log, confirmed} = clockOf({idleMs: 1000})
    clock.live()
    timers.advance(1000)
    clock.down()
    await confirmed()
    timers.advance(60_000)
    expect(log).toEqual(['confirm'])
    clock.live()
    timers.advance(1000)
    await confirmed()
    expect(log).toEqual(['confirm', 'confirm', 'idle'])
  })

  test('an answer of history from before the connection broke ends nothing after it', async () => {
    const {clock, timers, log, confirmed} = clockOf({idleMs: 1000})
    clock.live()
    timers.advance(1000)
    clock.down()
    timers.advance(10)
    clock.live()
    await confirmed()
    expect(log).toEqual(['confirm'])
  })

  test('a slow reader is not taken for a quiet room', () => {
    const {clock, timers, log} = clockOf({idleMs: 1000})
    clock.live()
    clock.waiting = false
    timers.advance(10_000)
    expect(log).toEqual([])
    clock.waiting = true
    timers.advance(1000)
    expect(log).toEqual(['confirm'])
  })
})

describe('until', () => {
  test('it ends when the server has that time, and history says so too', async () => {
    const {clock, timers, log, confirmed} = clockOf({untilMs: START_MS + 5000})
    clock.live()
    timers.advance(4999)
    expect(log).toEqual([])
    timers.advance(1)
    expect(log).toEqual(['confirm'])
    await confirmed()
    expect(log).toEqual(['confirm', 'until'])
  })

  test('a time that has passed ends it as soon as it is live', async () => {
    const {clock, timers, log, confirmed} = clockOf({untilMs: START_MS - DAY_MS})
    timers.advance(1000)
    expect(log).toEqual([])
    clock.live()
    timers.advance(0)
    await confirmed()
    expect(log).toEqual(['confirm', 'until'])
  })

  test('a time that passes while the connection is down waits for the next one', async () => {
    const {clock, timers, log, confirmed} = clockOf({untilMs: START_MS + 5000})
    clock.live()
    clock.down()
    timers.advance(60_000)
    expect(log).toEqual([])
    clock.live()
    timers.advance(0)
    await confirmed()
    expect(log).toEqual(['confirm', 'until'])
  })

  test('it may be further away than a timer can count', () => {
    const {clock, timers, log} = clockOf({untilMs: START_MS + 60 * DAY_MS})
    clock.live()
    timers.advance(59 * DAY_MS)
    expect(log).toEqual([])
    timers.advance(DAY_MS)
    expect(log).toEqual(['confirm'])
  })
})

describe('timeout', () => {
  test('it ends at its time, live or not, and asks nobody', () => {
    const {timers, log} = clockOf({timeoutMs: 1000})
    timers.advance(1000)
    expect(log).toEqual(['timeout'])
  })

  test('once stopped nothing ends', () => {
    const {clock, timers, log} = clockOf({timeoutMs: 1000, idleMs: 500, untilMs: START_MS})
    clock.live()
    clock.stop()
    clock.live()
    timers.advance(10_000)
    expect(log).toEqual([])
    expect(timers.pending).toBe(0)
  })
})
