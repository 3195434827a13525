import {describe, expect, it} from 'vitest'
import {CATALOGUE, type ErrorCode} from '../../../../src/lib/errors/catalogue.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {
  closeCodeTable,
  endingOfClosure,
  endingOfError,
  errorPolicyTable,
} from '../../../../src/lib/realtime/reconnect/reconnect.js'

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

  it('shows no control characters of the reason', () => {
    const {error} = endingOfClosure({code: 1000, reason: 'a\u001b[2Jb'})
    expect(String(error)).not.toContain('\u001b')
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

describe('the tables for people', () => {
  it('have a line for each close code with what the code does about it, and an argument', () => {
    const rows = closeCodeTable()
    expect(rows.map(({code}) => code).slice(-2)).toEqual(['any other', '1009, sent by us'])
    for (const {code, meaning, policy, why} of rows.slice(0, -1)) {
      const ending = endingOfClosure({code: code === 'any other' ? 4999 : Number(code), reason: ''})
      expect([code, ending.policy, String(ending.error)]).toEqual([
        code,
        policy,
        expect.stringContaining(meaning),
      ])
      expect(why).toMatch(/^[A-Z].*\.$/)
    }
    expect(new Set(rows.map(({code}) => code)).size).toBe(rows.length)
  })

  it('say of a frame above our own limit what its error does', () => {
    const row = closeCodeTable().at(-1)
    expect(row?.policy).toBe(endingOfError(new VezaError('not_protocol', 'x')).policy)
  })

  it('have a line for each error', () => {
    const rows = errorPolicyTable()
    expect(rows.map(({code}) => code).sort()).toEqual(Object.keys(CATALOGUE).sort())
    for (const {code, policy, why} of rows) {
      expect([code, endingOfError(new VezaError(code, 'x')).policy]).toEqual([code, policy])
      expect(why).toMatch(/^[A-Z].*\.$/)
    }
  })
})
