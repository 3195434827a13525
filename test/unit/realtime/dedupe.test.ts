import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {DeliveredIds} from '../../../src/lib/realtime/dedupe.js'

describe('DeliveredIds', () => {
  it('knows each id of the window, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({min: 1, max: 60}), {maxLength: 120}), ids => {
        const delivered = new DeliveredIds(1000)
        const seen = new Set<number>()
        for (const id of ids) {
          expect(delivered.add(id)).toBe(!seen.has(id))
          seen.add(id)
        }
      }),
    )
  })

  it('takes a late id for new, as long as it is within the window', () => {
    const delivered = new DeliveredIds(10)
    for (let id = 1; id <= 20; id += 1) if (id !== 15) delivered.add(id)
    expect(delivered.add(15)).toBe(true)
    expect(delivered.add(15)).toBe(false)
  })

  it('never gives an id twice, however far the window has moved', () => {
    const delivered = new DeliveredIds(10)
    for (let id = 1; id <= 1000; id += 1) expect(delivered.add(id)).toBe(true)
    for (let id = 1; id <= 1000; id += 1) expect(delivered.add(id)).toBe(false)
  })

  it('tells the lowest of the last ids', () => {
    const delivered = new DeliveredIds(4)
    expect(delivered.lowestOfLast(3)).toBeUndefined()
    for (const id of [10, 20, 15, 30, 25]) delivered.add(id)
    expect(delivered.lowestOfLast(3)).toBe(15)
    expect(delivered.lowestOfLast(1)).toBe(25)
    expect(delivered.lowestOfLast(5)).toBe(10)
    expect(delivered.lowestOfLast(6)).toBeUndefined()
  })
})
