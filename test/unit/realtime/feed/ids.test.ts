import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {IdLog} from '../../../../src/lib/realtime/feed/ids.js'

type Step = {readonly add: number} | {readonly forgetTo: number}

const near = fc.integer({min: 1, max: 60})
const far = fc.constantFrom(
  2 ** 32,
  2 ** 32 + 1,
  2 ** 40,
  Number.MAX_SAFE_INTEGER - 1,
  Number.MAX_SAFE_INTEGER,
)
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {weight: 12, arbitrary: fc.oneof({weight: 9, arbitrary: near}, far).map(add => ({add}))},
    {weight: 1, arbitrary: near.map(forgetTo => ({forgetTo}))},
  ),
  {maxLength: 150, size: 'max'},
)

const log = (ids: Iterable<number>) => {
  const made = new IdLog()
  for (const id of ids) made.add(id)
  return made
}

describe('IdLog', () => {
  it('knows each id that was added or forgotten, and no other', () => {
    fc.assert(
      fc.property(steps, list => {
        const ids = new IdLog()
        const seen = new Set<number>()
        let forgotten = 0
        for (const step of list) {
          if ('forgetTo' in step) {
            ids.forgetTo(step.forgetTo)
            forgotten = Math.max(forgotten, step.forgetTo)
          } else {
            expect(ids.add(step.add)).toBe(step.add > forgotten && !seen.has(step.add))
            seen.add(step.add)
          }
        }
        for (let id = 1; id <= 62; id += 1) expect(ids.has(id)).toBe(id <= forgotten || seen.has(id))
        for (const id of seen) expect(ids.has(id)).toBe(true)
        expect(ids.size).toBe([...seen].filter(id => id > forgotten).length)
      }),
    )
  })

  it('holds many chunks, with gaps between the ids, and forgets from the front', () => {
    const ids = log(Array.from({length: 10_000}, (_, n) => 3 * n + 1))
    expect(ids.size).toBe(10_000)
    for (const id of [1, 4, 3 * 1023 + 1, 3 * 1024 + 1, 3 * 9_999 + 1]) {
      expect(ids.has(id)).toBe(true)
      expect(ids.has(id + 1)).toBe(false)
    }
    ids.forgetTo(15_001)
    expect(ids.size).toBe(4_999)
    expect([ids.add(2), ids.add(15_001), ids.add(15_002), ids.add(15_004)]).toEqual([
      false,
      false,
      true,
      false,
    ])
  })

  it('takes little more than four bytes an id', () => {
    const before = process.memoryUsage().arrayBuffers
    const ids = log(Array.from({length: 300_000}, (_, n) => 7 * n + 1))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300_000 * 4.2)
    expect(ids.has(7)).toBe(false)
  })

  it('takes nothing up to what is forgotten before it was added', () => {
    const ids = new IdLog()
    ids.forgetTo(100)
    expect([ids.add(100), ids.add(101), ids.highest, ids.size]).toEqual([false, true, 101, 1])
    ids.forgetTo(50)
    expect(ids.has(100)).toBe(true)
  })
})
