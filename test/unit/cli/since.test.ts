import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {parseMoment, parseSince, sinceFlag, timeFlag} from '../../../src/lib/cli/since.js'
import {parse, shownError} from './parse.js'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const HOUR = 3_600_000

function since(text: string) {
  return parseSince(text, '--since', NOW)
}

function until(text: string): number {
  return parseMoment(text, '--until', NOW)
}

const TIMES: readonly [string, string | number | Date][] = [
  ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z'],
  ['2026-11-22t10:00:00z', '2026-11-22T10:00:00Z'],
  ['2026-11-22 10:00:00+02:00', '2026-11-22T08:00:00Z'],
  ['2026-11-22T10:00:00.123456789-08:30', '2026-11-22T18:30:00.123Z'],
  ['2026-11-22T10:00Z', '2026-11-22T10:00:00Z'],
  ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59Z'],
  ['2026-11-22T10:30', new Date(2026, 10, 22, 10, 30)],
  ['2026-11-22', new Date(2026, 10, 22)],
]

const NO_TIMES = [
  '',
  '2026-02-29',
  '2026-02-30T00:00:00Z',
  '2026-13-01',
  '2026-00-10',
  '2026-11-00',
  '2026-11-31',
  '2026-11-22T25:00:00Z',
  '2026-11-22T10:61:00Z',
  '2026-11-22T10:00:00+99:00',
  '2026-11-22T10Z',
  '2026-11-22Z',
  '22.11.2026',
  'yesterday',
  '-1h',
  '1h-',
  '1y',
  '1h 30m',
  '1.h',
  '#90',
  `${'1'.repeat(60)}s`,
]

describe('--since', () => {
  it.each([
    ['90', {id: 90}],
    ['0', {id: 0}],
    ['9007199254740991', {id: Number.MAX_SAFE_INTEGER}],
    [' 15 ', {id: 15}],
    ['90s', {timeMs: NOW - 90_000}],
    ['2h30m', {timeMs: NOW - 2.5 * HOUR}],
    ['1.5h', {timeMs: NOW - 1.5 * HOUR}],
    ['500ms', {timeMs: NOW - 500}],
    ['7d', {timeMs: NOW - 7 * 24 * HOUR}],
    ['52w', {timeMs: NOW - 52 * 7 * 24 * HOUR}],
  ])('takes %s', (text, expected) => {
    expect(since(text)).toEqual(expected)
  })

  it.each(TIMES)('takes the time %s', (text, expected) => {
    expect(since(text)).toEqual({timeMs: new Date(expected).getTime()})
  })

  it('takes each time that is written by the book', () => {
    const times = fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(times, time => {
        expect(since(time.toISOString())).toEqual({timeMs: time.getTime()})
      }),
    )
  })

  it.each(NO_TIMES)('refuses %j and lists what it takes', text => {
    expect(() => since(text)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: '--since wants the id of a message, a duration with its unit, a time or a date',
        hint: 'write 1234, 90s, 2h30m, 7d, 2026-11-22T10:00:00Z or 2026-11-22',
      }),
    )
  })

  it('refuses an id that no number holds', () => {
    expect(() => since('9007199254740993')).toThrow('--since wants a whole number of at least 0')
  })
})

describe('--until', () => {
  it.each(TIMES)('takes the time %s', (text, expected) => {
    expect(until(text)).toBe(new Date(expected).getTime())
  })

  it('takes a duration from now on', () => {
    expect(until('2h')).toBe(NOW + 2 * HOUR)
  })

  it.each([...NO_TIMES, '90', '99999999999999w'])('refuses %j and lists what it takes', text => {
    expect(() => until(text)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: '--until wants a time, a date, or a duration with its unit from now on',
        hint: 'write 2026-11-22T10:00:00Z, 2026-11-22, 90s, 2h30m or 7d',
      }),
    )
  })
})

describe('their flags', () => {
  const flags = {
    since: sinceFlag('since', {summary: 'from'}),
    until: timeFlag('until', {summary: 'to'}),
  }

  it('count from the clock', async () => {
    const before = Date.now()
    const parsed = await parse({flags}, ['--since', '1h', '--until', '1h'])
    const after = Date.now()
    const {since: from, until: to} = parsed.flags as {since: {timeMs: number}; until: number}
    expect(from.timeMs + HOUR).toBeGreaterThanOrEqual(before)
    expect(from.timeMs + HOUR).toBeLessThanOrEqual(after)
    expect(to - HOUR).toBeGreaterThanOrEqual(before)
    expect(to - HOUR).toBeLessThanOrEqual(after)
  })

  it('are refused in words of ours', async () => {
    expect(await shownError({flags}, ['--since', 'hunter2'])).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('--since wants'),
    })
    expect(await shownError({flags}, ['--until', '90'])).toMatchObject({
      message: expect.stringContaining('--until wants'),
    })
  })
})
