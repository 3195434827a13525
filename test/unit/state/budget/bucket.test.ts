import {describe, expect, test} from 'vitest'
import {
  type BucketState,
  EMPTY_BUCKET,
  enter,
  leave,
  limitInForce,
  note,
  paceOf,
} from '../../../../src/lib/state/budget/bucket.js'

const NOW = 1_700_000_000_000
const HOUR_MS = 3_600_000
const ANY = {ownLimit: 60, maxWaitMs: Number.POSITIVE_INFINITY}

/** The waits of `count` messages that come at once, and the line behind them. */
function waits(state: BucketState, count: number, {nowMs = NOW, ownLimit = 60} = {}) {
  const found: number[] = []
  let line = state
  for (let nth = 0; nth < count; nth++) {
    const {place, state: next} = enter(line, nowMs, {...ANY, ownLimit})
    found.push(place.waitMs)
    line = next
  }
  return {found, state: line}
}

describe('the pace', () => {
  test.each([
    [0, 0, 1],
    [1, 60_000, 1],
    [12, 5000, 1],
    [30, 2000, 2],
    [60, 1000, 5],
    [6000, 10, 5],
  ])('of %i a minute: one each %i ms, %i at once', (limit, intervalMs, burst) => {
    expect(paceOf(limit)).toEqual({intervalMs, burst})
  })

  test.each([
    [60, 0, 60],
    [60, 30, 30],
    [60, 100, 60],
    [0, 30, 0],
  ])('ours %i, the server names %i: %i', (own, server, inForce) => {
    expect(limitInForce(own, server)).toBe(inForce)
  })
})

describe('a place', () => {
  test('is free for five at once, then one a second', () => {
    expect(waits(EMPTY_BUCKET, 8).found).toEqual([0, 0, 0, 0, 0, 1000, 2000, 3000])
  })

  test('is free at once without a limit', () => {
    expect(waits(EMPTY_BUCKET, 100, {ownLimit: 0}).found).toEqual(Array.from({length: 100}, () => 0))
  })

  test('is not taken where the wait is longer than allowed, and then the line is as before', () => {
    const {state} = waits(EMPTY_BUCKET, 6)
    const refused = enter(state, NOW, {ownLimit: 60, maxWaitMs: 1999})
    expect(refused.place).toMatchObject({taken: false, waitMs: 2000})
    expect(refused.state).toEqual(state)
    expect(enter(state, NOW, {ownLimit: 60, maxWaitMs: 2000}).place.taken).toBe(true)
  })

  test('that is given back is there for the next one', () => {
    const {state} = waits(EMPTY_BUCKET, 6)
    const {place, state: longer} = enter(state, NOW, ANY)
    expect(waits(leave(longer, NOW, place), 1).found).toEqual([2000])
  })

  test('comes in time again when the clock has been put back by a year', () => {
    const {state} = waits(EMPTY_BUCKET, 6)
    const stopped = note(state, NOW, 60, {waitMs: 9000})
    expect(waits(state, 1, {nowMs: NOW - 365 * 24 * HOUR_MS}).found).toEqual([2000])
    expect(waits(stopped, 1, {nowMs: NOW - 365 * 24 * HOUR_MS}).found).toEqual([9000])
  })
})

describe('the word of the server', () => {
  test('to wait holds back who comes next, and lets them go one by one', () => {
    const state = note(EMPTY_BUCKET, NOW, 60, {waitMs: 3000})
    expect(waits(state, 3).found).toEqual([3000, 4000, 5000])
    expect(waits(state, 2, {nowMs: NOW + 2500}).found).toEqual([500, 1500])
  })

  test('to wait holds without a limit of ours, too, and then frees everybody', () => {
    const state = note(EMPTY_BUCKET, NOW, 0, {waitMs: 3000})
    expect(waits(state, 2, {ownLimit: 0}).found).toEqual([3000, 3000])
  })

  test('to wait makes old places void, and the line begins anew', () => {
    const {state: long} = waits(EMPTY_BUCKET, 30)
    const state = note(long, NOW, 60, {waitMs: 3000})
    expect(state.stops).toBe(long.stops + 1)
    expect(waits(state, 1).found).toEqual([3000])
  })

  test('to wait no longer than everybody does already changes nothing', () => {
    const state = note(EMPTY_BUCKET, NOW, 60, {waitMs: 3000})
    expect(note(state, NOW + 1000, 60, {waitMs: 1500})).toMatchObject({stops: 1, stoppedUntilMs: NOW + 3000})
    expect(note(state, NOW + 1000, 60, {waitMs: 2500}).stops).toBe(2)
  })

  test('is believed for an hour at most', () => {
    const state = note(EMPTY_BUCKET, NOW, 60, {waitMs: 1000 * HOUR_MS})
    expect(waits(state, 1).found).toEqual([HOUR_MS])
  })

  test('of a lower limit slows everybody down, until it names none', () => {
    const slow = note(EMPTY_BUCKET, NOW, 60, {limit: 30})
    expect(enter(slow, NOW, ANY).place).toMatchObject({limit: 30, serverLimit: 30})
    expect(waits(slow, 4).found).toEqual([0, 0, 2000, 4000])
    expect(note(slow, NOW, 60, {waitMs: 0}).serverLimit).toBe(30)
    expect(waits(note(slow, NOW, 60, {limit: 0}), 6).found.at(-1)).toBe(1000)
  })
})
