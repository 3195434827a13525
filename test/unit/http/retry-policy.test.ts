import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {mayHaveActed, type Outcome, retryDelayMs} from '../../../src/lib/http/retry-policy.js'

const LIMITS = {retries: 3, maxWaitMs: 60_000}
const delay = (outcome: Outcome, repeatable: boolean, attempt = 1, random = 0.5) =>
  retryDelayMs(attempt, repeatable, outcome, LIMITS, random)

describe('what may have acted', () => {
  test.each([500, 502, 503, 504, 520, 524, 408, 200, 201])('an answer %i that is no good', status => {
    expect(mayHaveActed({kind: 'answer', status})).toBe(true)
  })

  test.each([400, 401, 403, 404, 409, 422, 429, 302, 501, 505])('not an answer %i', status => {
    expect(mayHaveActed({kind: 'answer', status})).toBe(false)
  })

  test('a request that was sent, a body that broke off; not a refused connection', () => {
    expect(mayHaveActed({kind: 'truncated'})).toBe(true)
    expect(mayHaveActed({kind: 'no_answer', sent: true, permanent: false})).toBe(true)
    expect(mayHaveActed({kind: 'no_answer', sent: false, permanent: false})).toBe(false)
  })
})

describe('what is repeated', () => {
  const answer = (status: number): Outcome => ({kind: 'answer', status})
  const none = (sent: boolean, permanent = false): Outcome => ({kind: 'no_answer', sent, permanent})

  test.each([
    ['a refused connection', none(false), true, true],
    ['a connection that broke after sending', none(true), true, false],
    ['a certificate that is not trusted', none(false, true), false, false],
    ['a body that broke off', {kind: 'truncated'} as const, true, false],
    ['429', answer(429), true, true],
    ['500', answer(500), true, false],
    ['502', answer(502), true, false],
    ['503', answer(503), true, false],
    ['504', answer(504), true, false],
    ['501', answer(501), false, false],
    ['400', answer(400), false, false],
    ['401', answer(401), false, false],
    ['404', answer(404), false, false],
  ])('%s', (_name, outcome, repeatable, other) => {
    expect(delay(outcome, true) !== undefined).toBe(repeatable)
    expect(delay(outcome, false) !== undefined).toBe(other)
  })
})

test('the delay grows from 500 ms by 2, with full jitter', () => {
  const outcome: Outcome = {kind: 'answer', status: 503}
  expect([1, 2, 3].map(attempt => delay(outcome, true, attempt, 0.999))).toEqual([499, 999, 1998])
  expect(delay(outcome, true, 3, 0)).toBe(0)
  const many = {...LIMITS, retries: 99}
  expect(retryDelayMs(40, true, outcome, many, 0.5)).toBe(150_000)
})

test('the wish of the server is kept, and one beyond the limit fails at once', () => {
  expect(delay({kind: 'answer', status: 429, retryAfterMs: 60_000}, false)).toBe(60_000)
  expect(delay({kind: 'answer', status: 429, retryAfterMs: 60_001}, false)).toBeUndefined()
})

const outcomes = fc.oneof(
  fc.record({kind: fc.constant('no_answer' as const), sent: fc.boolean(), permanent: fc.boolean()}),
  fc.record({
    kind: fc.constant('answer' as const),
    status: fc.integer({min: 200, max: 599}),
    retryAfterMs: fc.option(fc.nat(), {nil: undefined}),
  }),
  fc.record({kind: fc.constant('truncated' as const)}),
)

test('properties: bounded in number and time, never before the server allows, never unsafe', () => {
  fc.assert(
    fc.property(
      outcomes,
      fc.boolean(),
      fc.integer({min: 1, max: 2000}),
      fc.nat(1000),
      fc.nat(),
      fc.double({min: 0, max: 0.999, noNaN: true}),
      (outcome, repeatable, attempt, retries, maxWaitMs, random) => {
        const delayMs = retryDelayMs(attempt, repeatable, outcome, {retries, maxWaitMs}, random)
        if (delayMs === undefined) return
        expect(attempt).toBeLessThanOrEqual(retries)
        expect(delayMs).toBeGreaterThanOrEqual(0)
        expect(delayMs).toBeLessThanOrEqual(Math.max(300_000, maxWaitMs))
        if (outcome.kind === 'answer') {
          expect(delayMs).toBeGreaterThanOrEqual(outcome.retryAfterMs ?? 0)
          if (!repeatable) expect(outcome.status).toBe(429)
        }
        if (outcome.kind === 'no_answer') expect(repeatable || !outcome.sent).toBe(true)
        if (outcome.kind === 'truncated') expect(repeatable).toBe(true)
      },
    ),
    {numRuns: 2000},
  )
})
