import {describe, expect, it} from 'vitest'
import {clockTime, relativeTime} from '../../../src/lib/output/time.js'
import {NOW} from './capture.js'

const before = (ms: number) => new Date(NOW.getTime() - ms).toISOString()

describe('relativeTime', () => {
  it.each([
    [0, 'just now'],
    [999, 'just now'],
    [1000, '1 s ago'],
    [59_999, '59 s ago'],
    [180_000, '3 min ago'],
    [7_200_000, '2 h ago'],
    [86_400_000, '1 d ago'],
    [29.9 * 86_400_000, '29 d ago'],
    [30 * 86_400_000, '2026-01-30'],
    [-120_000, 'in 2 min'],
    [-1, 'just now'],
  ])('%i ms before is %s', (ageMs, text) => {
    expect(relativeTime(before(ageMs), NOW)).toBe(text)
  })

  it('returns what is no time', () => {
    expect(relativeTime('yesterday', NOW)).toBe('yesterday')
  })
})

describe('clockTime', () => {
  it('is the local time of day', () => {
    expect(clockTime(new Date(2026, 2, 1, 9, 7, 3).toISOString())).toBe('09:07:03')
  })

  it('has a place holder', () => {
    expect(clockTime(undefined)).toBe('--:--:--')
    expect(clockTime('soon')).toBe('--:--:--')
  })
})
