import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {CATALOGUE, type ErrorCode} from '../../../src/lib/errors/catalogue.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {endingOfClosure, endingOfError, nextDelayMs} from '../../../src/lib/realtime/reconnect.js'

const fraction = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true})
const attempt = fc.integer({min: 1, max: 5000})

describe('nextDelayMs', () => {
  it('is a random part of a ceiling that doubles from 1 s to 5 minutes', () => {
    const almost = [1, 2, 3, 4, 8, 9, 10, 2000].map(n => nextDelayMs({attempt: n, random: 1}))
    expect(almost).toEqual([1000, 2000, 4000, 8000, 128_000, 256_000, 300_000, 300_000])
    expect(nextDelayMs({attempt: 3, random: 0})).toBe(0)
    expect(nextDelayMs({attempt: 3, random: 0.25})).toBe(1000)
  })

  it('adds to what the server asked for', () => {
    expect(nextDelayMs({attempt: 1, random: 0.5, retryAfterMs: 7000})).toBe(7500)
    expect(nextDelayMs({attempt: 1, random: 0.5, retryAfterMs: 3_600_000})).toBe(300_000)
  })

  it('never leaves 0 to the cap, and never comes before the server asked up to the cap', () => {
    const input = fc.record({
      attempt,
      random: fraction,
      retryAfterMs: fc.option(fc.integer({min: 0, max: 10_000_000}), {nil: undefined}),
      firstMs: fc.integer({min: 1, max: 10_000}),
      capMs: fc.integer({min: 1, max: 600_000}),
    })
    fc.assert(
      fc.property(input, given => {
        const delayMs = nextDelayMs(given)
        expect(delayMs).toBeLessThanOrEqual(given.capMs)
        expect(delayMs).toBeGreaterThanOrEqual(Math.min(given.capMs, given.retryAfterMs ?? 0))
      }),
    )
  })

  it('grows with the attempts, for the same chance', () => {
    fc.assert(
      fc.property(attempt, attempt, fraction, (a, b, random) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)]
        expect(nextDelayMs({attempt: few, random})).toBeLessThanOrEqual(nextDelayMs({attempt: many, random}))
      }),
    )
  })

  it('spreads over the whole ceiling', () => {
    fc.assert(
      fc.property(attempt, fraction, (n, random) => {
        expect(nextDelayMs({attempt: n, random})).toBeCloseTo(
          random * nextDelayMs({attempt: n, random: 1}),
          6,
        )
      }),
    )
  })
})

describe('endingOfClosure', () => {
  it.each([
    [1000, 'unreachable', 'retry'],
    [1001, 'unreachable', 'retry'],
    [1002, 'not_protocol', 'unless_proven'],
    [1003, 'not_protocol', 'unless_proven'],
    [1005, 'unreachable', 'retry'],
    [1006, 'unreachable', 'retry'],
    [1007, 'not_protocol', 'unless_proven'],
    [1008, 'forbidden', 'unless_proven'],
    [1009, 'not_protocol', 'unless_proven'],
    [1010, 'not_protocol', 'final'],
    [1011, 'server_error', 'retry'],
    [1012, 'unreachable', 'retry'],
    [1013, 'server_error', 'retry'],
    [1014, 'server_error', 'retry'],
    [1015, 'unreachable', 'unless_proven'],
    [3000, 'signed_out', 'renew'],
    [3003, 'forbidden', 'final'],
    [3008, 'unreachable', 'retry'],
    [4000, 'unreachable', 'retry'],
    [4401, 'signed_out', 'renew'],
    [4403, 'forbidden', 'final'],
    [4404, 'not_found', 'final'],
    [4429, 'rate_limited', 'retry'],
    [4999, 'unreachable', 'retry'],
  ])('takes %i for %s: %s', (closeCode, code, policy) => {
    const ending = endingOfClosure({code: closeCode, reason: 'why'})
    expect(ending).toMatchObject({policy, closeCode, error: {code}})
    expect(String(ending.error)).toContain(`${closeCode}`)
    expect(String(ending.error)).toContain(': why')
  })

  it('believes what our side knows more than the code', () => {
    const error = new VezaError('rate_limited', 'slow down')
    expect(endingOfClosure({code: 1010, reason: '', error})).toEqual({error, policy: 'retry'})
  })
})

describe('endingOfError', () => {
  it('never retries what the catalogue calls final, but a token that can be renewed and a server that was fine', () => {
    for (const code of Object.keys(CATALOGUE) as ErrorCode[]) {
      const {policy} = endingOfError(new VezaError(code, 'x'))
      const expected = {signed_out: 'renew', not_protocol: 'unless_proven', timeout: 'final'}[code as string]
      expect([code, policy]).toEqual([code, expected ?? (CATALOGUE[code].retryable ? 'retry' : 'final')])
    }
  })

  it('never retries a bug of ours', () => {
    const error = new TypeError('x is not a function')
    expect(endingOfError(error)).toEqual({error, policy: 'final'})
  })
})
