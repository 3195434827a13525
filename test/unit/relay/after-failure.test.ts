import {expect, test} from 'vitest'
import type {ErrorCode} from '../../../src/lib/errors/catalogue.js'
import {CATALOGUE} from '../../../src/lib/errors/catalogue.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {afterFailure} from '../../../src/lib/relay/after-failure.js'

const FEW = {failed: 1, attempts: 5}

test('every code has its fate', () => {
  const fates = (Object.keys(CATALOGUE) as ErrorCode[]).map(code => [
    code,
    afterFailure(new VezaError(code, 'x'), FEW),
  ])
  const of = (fate: string) => fates.filter(([, other]) => other === fate).map(([code]) => code)
  expect(of('dead')).toEqual(['refused', 'not_found', 'conflict', 'forbidden'])
  expect(of('hold')).toEqual(['server_error', 'rate_limited', 'unreachable', 'not_protocol'])
  expect(of('end')).toContain('signed_out')
})

test.each([
  [500, 4, 'hold'],
  [500, 5, 'dead'],
  [500, 6, 'dead'],
  [502, 99, 'hold'],
  [503, 99, 'hold'],
  [undefined, 99, 'hold'],
])('status %s after %s failures: %s', (status, failed, fate) => {
  expect(afterFailure(new VezaError('server_error', 'x', {status}), {failed, attempts: 5})).toBe(fate)
})

test('a request that took the server too long is no fault of the message', () => {
  expect(afterFailure(new VezaError('refused', 'x', {status: 408}), FEW)).toBe('hold')
})
