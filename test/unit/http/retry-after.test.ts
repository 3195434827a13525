import fc from 'fast-check'
import {expect, test} from 'vitest'
import {httpDateMs, retryAfterMs} from '../../../src/lib/http/retry-after.js'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const until = 'Sun, 22 Nov 2026 12:00:30 GMT'

test.each([
  ['seconds', {'retry-after': '7'}, undefined, 7000],
  ['parts of a second', {'retry-after': ' 0.5 '}, undefined, 500],
  ['a date', {'retry-after': until}, undefined, 30_000],
  [
    "a date by the server's clock",
    {'retry-after': until, date: 'Sun, 22 Nov 2026 12:00:10 GMT'},
    undefined,
    20_000,
  ],
  ['a date gone by', {'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT'}, undefined, 0],
  ['details', {}, {retry_after: 3}, 3000],
  ['details as text', {}, {retry_after: '3'}, 3000],
  ['the header before the details', {'retry-after': '7'}, {retry_after: 3}, 7000],
  ['the details where the header is unreadable', {'retry-after': 'soon'}, {retry_after: 3}, 3000],
  ['nothing', {}, undefined, undefined],
  ['a negative number', {'retry-after': '-1'}, {retry_after: -1}, undefined],
  ['nonsense', {'retry-after': '1e3'}, {retry_after: 'soon'}, undefined],
  ['null', {}, null, undefined],
])('%s', (_name, headers, details, expected) => {
  expect(retryAfterMs(headers, details, NOW)).toBe(expected)
})

test('whatever the header says, it is a safe number of milliseconds or nothing', () => {
  const header = fc.oneof(
    fc.string(),
    fc.nat().map(String),
    fc.bigInt({min: 0n}).map(String),
    fc.date({noInvalidDate: true}).map(d => d.toUTCString()),
  )
  fc.assert(
    fc.property(header, fc.jsonValue(), (value, details) => {
      const ms = retryAfterMs({'retry-after': value}, {retry_after: details}, NOW)
      expect(ms === undefined || (ms >= 0 && Number.isSafeInteger(ms))).toBe(true)
    }),
  )
})

test('only an HTTP date is a date', () => {
  expect(httpDateMs(until)).toBe(NOW + 30_000)
  expect(httpDateMs('Sunday, 22-Nov-26 12:00:30 GMT')).toBe(NOW + 30_000)
  for (const other of ['12', '2026-11-22', 'Sun, nonsense', undefined])
    expect(httpDateMs(other)).toBeUndefined()
})
