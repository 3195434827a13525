import {describe, expect, it} from 'vitest'
import {doubtOf, failureKind} from '../../../../src/lib/delivery/outbox/outbox-failure.js'
import {CATALOGUE, type ErrorCode} from '../../../../src/lib/errors/catalogue.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

describe('failureKind', () => {
  it('says of each code what it means for a message', () => {
    const kinds: Record<string, ErrorCode[]> = {passing: [], refusal: [], end: []}
    for (const code of Object.keys(CATALOGUE) as ErrorCode[])
      kinds[failureKind(new VezaError(code, 'x'))]?.push(code)
    expect(kinds).toEqual({
      passing: ['server_error', 'rate_limited', 'unreachable', 'not_protocol'],
      refusal: ['file_too_large', 'refused', 'not_found', 'conflict', 'forbidden'],
      end: [
        'failed',
        'usage',
        'config',
        'file_unreadable',
        'file_unwritable',
        'file_corrupt',
        'signed_out',
        'bug',
        'timeout',
        'interrupted',
        'terminated',
      ],
    })
  })

  it('takes a status without a code of its own for a refusal', () => {
    expect(failureKind(new VezaError('failed', 'teapot', {status: 418}))).toBe('refusal')
  })
})

describe('doubtOf', () => {
  it('keeps our error, and makes one of anything else', () => {
    const error = new VezaError('server_error', 'oops')
    expect(doubtOf(error)).toBe(error)
    expect(doubtOf(undefined)).toMatchObject({code: 'unreachable'})
  })
})
