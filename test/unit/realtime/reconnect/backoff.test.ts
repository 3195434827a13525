import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {type BackoffInput, nextBackoff} from '../../../../src/lib/realtime/reconnect/backoff.js'

/** The ceilings of a run of attempts, each with how long the server has been absent; undefined: it answered. */
function ceilings(absences: readonly (number | undefined)[], limits: Partial<BackoffInput> = {}): number[] {
  const all: number[] = []
  for (const absentMs of absences) {
    const previousCeilingMs = all.at(-1)
    all.push(nextBackoff({previousCeilingMs, absentMs, random: 0.5, ...limits}).ceilingMs)
  }
  return all
}

const minute = 60_000
const fraction = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true})
const absence = fc.option(fc.integer({min: 0, max: 10 * minute}), {nil: undefined})
const anyInput: fc.Arbitrary<BackoffInput> = fc.record({
  previousCeilingMs: fc.option(fc.integer({min: 1, max: 300_000}), {nil: undefined}),
  absentMs: absence,
  retryAfterMs: fc.option(fc.integer({min: 0, max: 10_000_000}), {nil: undefined}),
  random: fraction,
  firstMs: fc.option(fc.integer({min: 1, max: 10_000}), {nil: undefined}),
  capMs: fc.option(fc.integer({min: 1, max: 600_000}), {nil: undefined}),
})

describe('nextBackoff', () => {
  it('doubles from 1 s to 5 minutes for a server that answers', () => {
    const answers = Array.from({length: 11}, () => undefined)
    expect(ceilings(answers).map(ms => ms / 1000)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  })

  it('is held at 4 s in the first 2 minutes of a server that is not there, then goes on doubling', () => {
    const absent = [0, 1000, 3000, 7000, 60_000, 119_999, 2 * minute, 3 * minute, 4 * minute]
    expect(ceilings(absent).map(ms => ms / 1000)).toEqual([1, 2, 4, 4, 4, 4, 8, 16, 32])
  })

  it('goes on from where it is when a server that answered is gone', () => {
    expect(ceilings([undefined, undefined, undefined, undefined, 20_000, undefined])).toEqual([
      1000, 2000, 4000, 8000, 8000, 16_000,
    ])
  })

  it('takes a first ceiling above 4 s, and a cap below', () => {
    expect(ceilings([0, 1, 2], {firstMs: 5000})).toEqual([5000, 5000, 5000])
    expect(ceilings([0, 1, 2], {firstMs: 10, capMs: 15})).toEqual([10, 15, 15])
  })

  it('adds to what the server asked for', () => {
    const input = {previousCeilingMs: undefined, absentMs: undefined, random: 0.5}
    expect(nextBackoff({...input, retryAfterMs: 7000}).delayMs).toBe(7500)
    expect(nextBackoff({...input, retryAfterMs: 3_600_000}).delayMs).toBe(300_000)
  })

  it('never leaves 0 to the cap, and never comes before the server asked, up to the cap', () => {
    fc.assert(
      fc.property(anyInput, input => {
        const {delayMs, ceilingMs} = nextBackoff(input)
        const capMs = input.capMs ?? 300_000
        expect(Math.max(delayMs, ceilingMs)).toBeLessThanOrEqual(capMs)
        expect(delayMs).toBeGreaterThanOrEqual(Math.min(capMs, input.retryAfterMs ?? 0))
      }),
    )
  })

  it('has a ceiling that never falls, nor more than doubles', () => {
    fc.assert(
      fc.property(fc.array(absence, {minLength: 2, maxLength: 40}), absences => {
        const all = ceilings(absences)
        for (const [index, ceilingMs] of all.entries()) {
          const previous = all[index - 1] ?? ceilingMs
          expect(ceilingMs).toBeGreaterThanOrEqual(previous)
          expect(ceilingMs).toBeLessThanOrEqual(previous * 2)
        }
      }),
    )
  })

  it('spreads over the whole ceiling', () => {
    fc.assert(
      fc.property(anyInput, input => {
        const {delayMs, ceilingMs} = nextBackoff({...input, retryAfterMs: undefined})
        expect(delayMs).toBe(input.random * ceilingMs)
      }),
    )
  })
})
