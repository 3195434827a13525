import {describe, expect, it} from 'vitest'
import {Heartbeat} from '../../../src/lib/realtime/heartbeat.js'
import {ManualTimers} from './manual-timers.js'

function started(random = 0.5) {
  const timers = new ManualTimers(random)
  const log: string[] = []
  const note = (what: string) => () => void log.push(`${what} at ${timers.now() / 1000} s`)
  const heartbeat = new Heartbeat({
    timers,
    pingIntervalMs: 30_000,
    silenceMs: 60_000,
    ping: note('ping'),
    dead: note('dead'),
  })
  heartbeat.start()
  return {timers, log, heartbeat}
}

describe('Heartbeat', () => {
  it('pings at a random part of the interval first, then each 30 s', () => {
    const {timers, log, heartbeat} = started(0.1)
    for (let second = 0; second < 70; second += 1) {
      timers.advance(1000)
      heartbeat.life()
    }
    expect(log).toEqual(['ping at 3 s', 'ping at 33 s', 'ping at 63 s'])
  })

  it('calls a socket dead after 60 s without a sign of life, once, and keeps no timer', () => {
    const {timers, log} = started()
    timers.advance(59_999)
    expect(log.filter(line => line.startsWith('dead'))).toEqual([])
    timers.advance(500_000)
    expect(log.filter(line => line.startsWith('dead'))).toEqual(['dead at 60 s'])
    expect(timers.pending).toBe(0)
  })

  it('counts the 60 s from the last sign of life', () => {
    const {timers, log, heartbeat} = started()
    timers.advance(59_000)
    heartbeat.life()
    timers.advance(59_000)
    heartbeat.life()
    timers.advance(59_999)
    expect(log.filter(line => line.startsWith('dead'))).toEqual([])
    timers.advance(1)
    expect(log.filter(line => line.startsWith('dead'))).toEqual(['dead at 178 s'])
  })

  it('does not count the time in which we do not read, but goes on pinging', () => {
    const {timers, log, heartbeat} = started(0)
    heartbeat.pause()
    timers.advance(600_000)
    expect(log.filter(line => line.startsWith('dead'))).toEqual([])
    expect(log).toHaveLength(21)
    heartbeat.resume()
    timers.advance(60_000)
    expect(log.at(-1)).toBe('dead at 660 s')
  })

  it('holds no timer after stop', () => {
    const {timers, heartbeat} = started()
    expect(timers.pending).toBe(2)
    heartbeat.stop()
    expect(timers.pending).toBe(0)
  })
})
