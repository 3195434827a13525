import {describe, expect, test} from 'vitest'
import {parseStatus, STATUS_NAMES, statusOf, statusSymbol} from '../../../../src/lib/cli/ci/status.js'

describe('statusOf', () => {
  test.each([
    ['success', 'success'],
    ['SUCCESS', 'success'],
    ['Succeeded', 'success'],
    ['0', 'success'],
    ['failed', 'failure'],
    ['2', 'failure'],
    ['canceled', 'cancelled'],
    ['UNSTABLE', 'warning'],
    ['in_progress', 'running'],
    ['', undefined],
    ['-1', undefined],
    ['great', undefined],
  ])('%j is %s', (word, status) => {
    expect(statusOf(word)).toBe(status)
  })

  test('each has a sign of its own', () => {
    expect(new Set(STATUS_NAMES.map(statusSymbol)).size).toBe(STATUS_NAMES.length)
  })
})

test('a word that is no status is a usage error that names those there are', () => {
  expect(() => parseStatus('great', '--status')).toThrow(
    expect.objectContaining({code: 'usage', message: expect.stringContaining('cancelled')}),
  )
})
