import {array, assert, integer, property, record} from 'fast-check'
import {describe, expect, test} from 'vitest'
import {Caps, parseCap} from '../../../src/lib/bot/caps.js'

describe('parseCap', () => {
  test('a number and a duration', () => {
    expect(parseCap('3/1m', 'rate')).toEqual({amount: 3, perMs: 60_000})
    expect(parseCap('10/90', 'rate')).toEqual({amount: 10, perMs: 90_000})
  })

  test.each(['', '3', '3/', '/1m', '0/1m', 'x/1m', '3/0s', '3/1m/2', '1.5/1m', '3/soon'])('not %j', text => {
    expect(() => parseCap(text, 'rate')).toThrow(expect.objectContaining({code: 'usage'}))
    expect(() => parseCap(text, 'rate')).toThrow(/^rate /)
  })
})

describe('Caps', () => {
  test('so many at once, then one as each part of the time has passed', () => {
    const caps = new Caps({amount: 2, perMs: 60_000})
    expect(caps.take('a', 0)).toEqual({type: 'taken'})
    expect(caps.take('a', 0)).toEqual({type: 'taken'})
    expect(caps.take('a', 15_000)).toEqual({type: 'refused', waitMs: 15_000, isFirst: true})
    expect(caps.take('a', 20_000)).toMatchObject({type: 'refused', isFirst: false})
    expect(caps.take('a', 30_000)).toEqual({type: 'taken'})
    expect(caps.take('a', 30_000)).toMatchObject({type: 'refused', isFirst: true})
  })

  test('each key has its own, and time that goes backwards gives nothing', () => {
    const caps = new Caps({amount: 1, perMs: 1000})
    expect(caps.take('a', 5000).type).toBe('taken')
    expect(caps.take('b', 5000).type).toBe('taken')
    expect(caps.take('a', 0).type).toBe('refused')
    expect(caps.take('a', 5500).type).toBe('refused')
  })

  test('never more than twice the amount in its time, never less than what it owes', () => {
    const calls = array(record({key: integer({min: 0, max: 2}), stepMs: integer({min: 0, max: 400})}))
    assert(
      property(calls, integer({min: 1, max: 5}), (steps, amount) => {
        const caps = new Caps({amount, perMs: 1000})
        const taken: {key: number; nowMs: number}[] = []
        let nowMs = 0
        for (const {key, stepMs} of steps) {
          nowMs += stepMs
          if (caps.take(String(key), nowMs).type === 'taken') taken.push({key, nowMs})
        }
        for (const {key, nowMs: fromMs} of taken) {
          const within = taken.filter(
            one => one.key === key && one.nowMs >= fromMs && one.nowMs < fromMs + 1000,
          )
          expect(within.length).toBeLessThanOrEqual(2 * amount)
        }
      }),
    )
  })

  test('thousands of keys that come once leave nothing that counts wrong', () => {
    const caps = new Caps({amount: 1, perMs: 1000})
    for (let key = 0; key < 5000; key++) caps.take(`once ${key}`, key * 2)
    expect(caps.take('once 4999', 9999).type).toBe('refused')
    expect(caps.take('once 0', 9999).type).toBe('taken')
  })
})
