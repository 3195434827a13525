import {describe, expect, test} from 'vitest'
import {parseExpiry} from '../../../src/lib/cli/expiry.js'

const NOW_MS = Date.UTC(2026, 2, 1, 12)
const read = (text: string): string => parseExpiry(text, '--expires', NOW_MS)

describe('a moment to come', () => {
  test.each([
    ['90d', '2026-05-30T12:00:00.000Z'],
    ['12h30m', '2026-03-02T00:30:00.000Z'],
    ['3600', '2026-03-01T13:00:00.000Z'],
    ['52w', '2027-02-28T12:00:00.000Z'],
    ['2030-01-31T12:00:00Z', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31T12:00:00.5+02:00', '2030-01-31T10:00:00.500Z'],
    [' 1d ', '2026-03-02T12:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(read(text)).toBe(moment)
  })

  test.each([
    '',
    'soon',
    '1y',
    '1.5d',
    'd',
    '1d x',
    '2030-01-31',
    '2030-13-31T12:00:00Z',
    `${'9'.repeat(30)}d`,
    '-1d',
  ])('%j is none, and is not repeated', text => {
    const act = (): unknown => read(text)
    expect(act).toThrow(
      expect.objectContaining({code: 'usage', message: '--expires wants a duration or a time'}),
    )
  })

  test.each(['0', '0d', '2026-03-01T12:00:00Z', '1999-01-01T00:00:00Z'])('%s has passed', text => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({code: 'usage', message: '--expires names a moment that has passed'}),
    )
  })
})
