import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {Heartbeat} from '../../../../src/lib/realtime/connection/heartbeat.js'
import {ManualTimers} from '../manual-timers.js'

function started({random = 0.5, silenceMs = 60_000} = {}) {
  const timers = new ManualTimers(random)
  const log: string[] = []
  const seconds = () => `at ${timers.now() / 1000} s`
  const heartbeat = new Heartbeat({
    timers,
    pingIntervalMs: 30_000,
    silenceMs,
    ping: () => void log.push(`ping ${seconds()}`),
    dead: silentMs => void log.push(`dead ${seconds()} after ${silentMs / 1000} s`),
  })
  heartbeat.start()
  const deaths = () => log.filter(line => line.startsWith('dead'))
  return {timers, log, heartbeat, deaths}
}

describe('Heartbeat', () => {
  it('pings at a random part of the interval first, then each 30 s', () => {
    const {timers, log, heartbeat} = started({random: 0.1})
    for (let second = 0; second < 70; second += 1) {
      timers.advance(1000)
      heartbeat.life()
    }
    expect(log).toEqual(['ping at 3 s', 'ping at 33 s', 'ping at 63 s'])
  })

  it('calls a socket dead after 55 s without a sign of life, once, and keeps no timer', () => {
    const {timers, deaths} = started()
    timers.advance(54_999)
    expect(deaths()).toEqual([])
    timers.advance(500_000)
    expect(deaths()).toEqual(['dead at 55 s after 55 s'])
    expect(timers.pending).toBe(0)
  })

  it('counts the 55 s from the last sign of life', () => {
    const {timers, deaths, heartbeat} = started()
    timers.advance(54_000)
    heartbeat.life()
    timers.advance(54_000)
    heartbeat.life()
    timers.advance(54_999)
    expect(deaths()).toEqual([])
    timers.advance(1)
    expect(deaths()).toEqual(['dead at 163 s after 55 s'])
  })

  it('notices, whatever came before, within 55 s of the last sign of life, with a ping that had 25 s for its answer', () => {
    const lives = fc.array(fc.integer({min: 1, max: 54_000}), {maxLength: 20})
    fc.assert(
      fc.property(fc.double({min: 0, max: 0.999, noNaN: true}), lives, (random, pauses) => {
        const {timers, log, heartbeat, deaths} = started({random})
        for (const pauseMs of pauses) {
          timers.advance(pauseMs)
          heartbeat.life()
        }
        const lastLife = timers.now()
        log.length = 0
        timers.advance(55_000)
        expect(deaths()).toHaveLength(1)
        const pinged = Number(log.find(line => line.startsWith('ping'))?.split(' ')[2]) * 1000
        expect(pinged - lastLife).toBeLessThanOrEqual(30_000)
      }),
    )
  })

  it.each([
    [90_000, 85],
    [36_000, 35],
    [30_000, 30],
    [12_000, 12],
  ])(
    'with a limit of %i ms is earlier by a sixth of what a ping has for its answer, at most 5 s',
    (silenceMs, seconds) => {
      const {timers, deaths} = started({silenceMs})
      timers.advance(seconds * 1000 - 1)
      expect(deaths()).toEqual([])
      timers.advance(1)
      expect(deaths()).toEqual([`dead at ${seconds} s after ${seconds} s`])
    },
  )

  it('does not count the time in which we do not read, but goes on pinging', () => {
    const {timers, log, heartbeat, deaths} = started({random: 0})
    heartbeat.pause()
    timers.advance(600_000)
    expect(deaths()).toEqual([])
    expect(log).toHaveLength(21)
    heartbeat.resume()
    timers.advance(54_999)
    expect(deaths()).toEqual([])
    timers.advance(1)
    expect(deaths()).toEqual(['dead at 655 s after 55 s'])
  })

  it('holds no timer after stop', () => {
    const {timers, heartbeat} = started()
    expect(timers.pending).toBe(2)
    heartbeat.stop()
    expect(timers.pending).toBe(0)
  })
})

describe('Heartbeat after a sleep', () => {
  it('pings at once when the machine was suspended, and gives the link 10 s', () => {
    const {timers, log, heartbeat} = started({random: 0.9})
    timers.advance(7000)
    heartbeat.life()
    timers.suspend(3_600_000)
    timers.advance(2999)
    expect(log).toEqual([])
    timers.advance(1)
    expect(log).toEqual(['ping at 10 s'])
    timers.advance(10_000)
    expect(log).toEqual(['ping at 10 s', 'dead at 20 s after 10 s'])
    expect(timers.pending).toBe(0)
  })

  it('goes on as before when any sign of life comes in time', () => {
    const {timers, log, heartbeat, deaths} = started({random: 0.9})
    timers.suspend(60_000)
    timers.advance(14_999)
    expect(log).toEqual(['ping at 5 s'])
    heartbeat.life()
    timers.advance(54_999)
    expect(deaths()).toEqual([])
    timers.advance(1)
    expect(deaths()).toEqual(['dead at 69.999 s after 55 s'])
  })

  it('does not believe in silence when it was the process that stood still', () => {
    const {timers, log, heartbeat, deaths} = started({random: 0.9})
    timers.freeze(300_000)
    timers.advance(0)
    expect(log.filter(line => line !== 'ping at 300 s')).toEqual([])
    heartbeat.life()
    timers.advance(54_999)
    expect(deaths()).toEqual([])
  })

  it('takes no fright at a late tick, nor at a clock that was set back', () => {
    const {timers, log} = started({random: 0.9})
    timers.suspend(10_000)
    timers.advance(5000)
    timers.suspend(-3_600_000)
    timers.advance(5000)
    expect(log).toEqual([])
  })

  it('expects nothing of a link that is not read', () => {
    const {timers, log, heartbeat, deaths} = started({random: 0.9})
    heartbeat.pause()
    timers.suspend(3_600_000)
    timers.advance(26_000)
    expect(log).toEqual(['ping at 5 s'])
    heartbeat.resume()
    timers.advance(54_999)
    expect(deaths()).toEqual([])
    timers.advance(1)
    expect(deaths()).toEqual(['dead at 81 s after 55 s'])
  })

  it('gives no more time than a shorter limit does', () => {
    const {timers, log} = started({random: 0.9, silenceMs: 6000})
    timers.suspend(60_000)
    timers.advance(11_000)
    expect(log).toEqual(['ping at 5 s', 'dead at 11 s after 6 s'])
  })
})
