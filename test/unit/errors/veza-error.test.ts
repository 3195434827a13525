import {describe, expect, it} from 'vitest'
import {CATALOGUE, type ErrorCode} from '../../../src/lib/errors/catalogue.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

describe('VezaError', () => {
  it.each(Object.keys(CATALOGUE) as ErrorCode[])(
    'takes exit code and retryable of %s from the catalogue',
    code => {
      const error = new VezaError(code, 'what happened')
      expect([error.exitCode, error.retryable]).toEqual([CATALOGUE[code].exit, CATALOGUE[code].retryable])
    },
  )

  it('carries what it is given', () => {
    const cause = new Error('below')
    const details = {
      hint: 'do this',
      status: 429,
      serverCode: 'RATE_LIMIT_EXCEEDED',
      requestId: 'r-1',
      retryAfterMs: 1500,
    }
    const error = new VezaError('rate_limited', 'too many', {...details, cause})
    expect(error).toMatchObject({code: 'rate_limited', message: 'too many', ...details})
    expect(error.cause).toBe(cause)
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe('VezaError')
    expect(String(error)).toBe('VezaError: too many')
  })

  it('has nothing it is not given, not even an empty cause', () => {
    const error = new VezaError('failed', 'what happened')
    expect('cause' in error).toBe(false)
    expect([error.hint, error.status, error.serverCode, error.requestId, error.retryAfterMs]).toEqual(
      Array(5).fill(undefined),
    )
  })
})
