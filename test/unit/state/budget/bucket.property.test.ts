import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {
  type BucketState,
  EMPTY_BUCKET,
  enter,
  leave,
  note,
  paceOf,
} from '../../../../src/lib/state/budget/bucket.js'

const START_MS = 1_700_000_000_000
const MINUTE_MS = 60_000
/** Sums of thirds of a second and the like. */
const ROUNDING_MS = 0.01

const limits = fc.integer({min: 1, max: 6000})
const pausesMs = fc.array(fc.integer({min: 0, max: 3000}), {minLength: 1, maxLength: 120})

/** The moments at which messages leave that come after these pauses. */
function departures(pauses: readonly number[], ownLimit: number): {arrivedMs: number; leftMs: number}[] {
  let state = EMPTY_BUCKET
  let nowMs = START_MS
  return pauses.map(pauseMs => {
    nowMs += pauseMs
    const entered = enter(state, nowMs, {ownLimit, maxWaitMs: Number.POSITIVE_INFINITY})
    state = entered.state
    return {arrivedMs: nowMs, leftMs: nowMs + entered.place.waitMs}
  })
}

describe('the line', () => {
  test('lets at most the limit and one burst leave in any minute, and at most a burst at once', () => {
    fc.assert(
      fc.property(limits, pausesMs, (limit, pauses) => {
        const {intervalMs, burst} = paceOf(limit)
        const left = departures(pauses, limit).map(({leftMs}) => leftMs)
        for (const [first, fromMs] of left.entries()) {
          for (const spanMs of [0, intervalMs, MINUTE_MS]) {
            const count = left
              .slice(first)
              .filter(ms => ms <= fromMs + spanMs - ROUNDING_MS || ms === fromMs).length
            expect(count).toBeLessThanOrEqual(burst + Math.ceil(spanMs / intervalMs))
          }
        }
      }),
    )
  })

  test('keeps the order, and nobody waits who need not', () => {
    fc.assert(
      fc.property(limits, pausesMs, (limit, pauses) => {
        const {intervalMs} = paceOf(limit)
        const moments = departures(pauses, limit)
        for (const [nth, {arrivedMs, leftMs}] of moments.entries()) {
          const before = moments[nth - 1]
          if (before === undefined) expect(leftMs).toBe(arrivedMs)
          else {
            expect(leftMs).toBeGreaterThanOrEqual(before.leftMs)
            const latestMs = Math.max(arrivedMs, before.leftMs + intervalMs)
            expect(leftMs).toBeLessThanOrEqual(latestMs + ROUNDING_MS)
          }
        }
      }),
    )
  })

  test('wastes nothing: in a line of any length message N leaves exactly when N are due', () => {
    fc.assert(
      fc.property(limits, fc.integer({min: 1, max: 200}), (limit, count) => {
        const {intervalMs, burst} = paceOf(limit)
        const last = departures(
          Array.from({length: count}, () => 0),
          limit,
        ).at(-1)
        const dueMs = START_MS + Math.max(0, count - burst) * intervalMs
        expect(Math.abs((last?.leftMs ?? 0) - dueMs)).toBeLessThan(1)
      }),
    )
  })
})

/** A line after some have come, gone away again, and the server has said this or that. */
const histories = fc.array(
  fc.record({
    pauseMs: fc.integer({min: 0, max: 5000}),
    event: fc.constantFrom('enter', 'leave', 'stop', 'limit'),
    waitMs: fc.integer({min: 0, max: 20_000}),
    limit: fc.integer({min: 0, max: 200}),
  }),
  {maxLength: 60},
)

test('whatever happened before, a stop holds for everybody, and after it they leave one by one', () => {
  fc.assert(
    fc.property(limits, histories, fc.integer({min: 20_001, max: 60_000}), (ownLimit, history, waitMs) => {
      const {state: before, nowMs} = replay(history, ownLimit)
      let state = note(before, nowMs, ownLimit, {waitMs})
      const left: number[] = []
      for (let nth = 0; nth < 4; nth++) {
        const entered = enter(state, nowMs, {ownLimit, maxWaitMs: Number.POSITIVE_INFINITY})
        state = entered.state
        left.push(entered.place.waitMs)
        const {intervalMs} = paceOf(entered.place.limit)
        expect(entered.place.waitMs).toBeGreaterThanOrEqual(waitMs - ROUNDING_MS)
        if (nth > 0) expect(left[nth]! - left[nth - 1]!).toBeGreaterThanOrEqual(intervalMs - ROUNDING_MS)
      }
    }),
  )
})

type Event = {
  readonly pauseMs: number
  readonly event: string
  readonly waitMs: number
  readonly limit: number
}

function replay(history: readonly Event[], ownLimit: number): {state: BucketState; nowMs: number} {
  let state = EMPTY_BUCKET
  let nowMs = START_MS
  for (const {pauseMs, event, waitMs, limit} of history) {
    nowMs += pauseMs
    const {place, state: entered} = enter(state, nowMs, {ownLimit, maxWaitMs: 10_000})
    if (event === 'enter') state = entered
    if (event === 'leave' && place.taken) state = leave(entered, nowMs, place)
    if (event === 'stop') state = note(state, nowMs, ownLimit, {waitMs})
    if (event === 'limit') state = note(state, nowMs, ownLimit, {limit})
  }
  return {state, nowMs}
}
