import {describe, expect, test} from 'vitest'
import {rateWords} from '../../../src/lib/http/rate-words.js'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')
const taken = {refused: false, nowMs: NOW_MS}
const refused = {refused: true, nowMs: NOW_MS}

function headers(limit: string, remaining: string, reset: string): Record<string, string> {
  return {'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset}
}

describe('what an answer says of the limit', () => {
  test.each([
    ['nothing', {}, {limit: 0, waitMs: undefined}],
    ['there is room', headers('60', '9', '9999999999'), {limit: 60, waitMs: undefined}],
    [
      'nothing is left until a moment',
      headers('60', '0', String(NOW_MS / 1000 + 10)),
      {limit: 60, waitMs: 10_000},
    ],
    ['nothing is left for some seconds', headers('60', '0', '7'), {limit: 60, waitMs: 7000}],
    ['nothing is left until a moment that is over', headers('60', '0', '1000000000'), {limit: 60, waitMs: 0}],
    [
      'nothing is left, and no word until when',
      {'x-ratelimit-remaining': '0'},
      {limit: 0, waitMs: undefined},
    ],
    ['rubbish', headers('many', '-0', 'soon'), {limit: 0, waitMs: undefined}],
    [
      'numbers beyond all bounds',
      headers('9'.repeat(40), '0', '1'.repeat(40)),
      {limit: 0, waitMs: undefined},
    ],
  ])('%s', (_name, given, words) => {
    expect(rateWords(given, taken)).toEqual(words)
  })

  test("the moment is by the server's clock", () => {
    const date = new Date(NOW_MS - 3_600_000).toUTCString()
    const given = {...headers('60', '0', String(NOW_MS / 1000 - 3600 + 10)), date}
    expect(rateWords(given, taken).waitMs).toBe(10_000)
  })
})

describe('what a refusal says', () => {
  test('Retry-After comes before the reset', () => {
    const given = headers('60', '0', String(NOW_MS / 1000 + 10))
    expect(rateWords(given, {...refused, retryAfterMs: 1000})).toEqual({limit: 60, waitMs: 1000})
    expect(rateWords(given, refused)).toEqual({limit: 60, waitMs: 10_000})
  })

  test('of the limit nothing where it names none', () => {
    expect(rateWords({}, {...refused, retryAfterMs: 1000})).toEqual({limit: undefined, waitMs: 1000})
  })

  test('the reset counts whatever remains', () => {
    expect(rateWords(headers('60', '5', '7'), refused).waitMs).toBe(7000)
  })
})
