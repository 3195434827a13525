import {assert, property, string} from 'fast-check'
import {expect, test} from 'vitest'
import {answerKey, fitAnswer, quoteOf} from '../../../src/lib/bot/answer.js'

test('an answer fits into a message, and says where it was cut', () => {
  expect(fitAnswer('  ok\n', '…')).toBe('ok')
  expect(fitAnswer('x'.repeat(2000), '… (cut)')).toHaveLength(2000)
  const cut = fitAnswer('x'.repeat(2001), '… (cut)')
  expect(cut).toHaveLength(2000)
  expect(cut.endsWith('x… (cut)')).toBe(true)
})

test('whatever it is, it is never too long and never ends amid a character', () => {
  assert(
    property(string({unit: 'binary', minLength: 1950, maxLength: 2050}), text => {
      const fitted = fitAnswer(text, '!')
      expect(fitted.length).toBeLessThanOrEqual(2000)
      expect(fitted).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
    }),
    {numRuns: 30},
  )
})

test('a quote is one line, and short', () => {
  expect(quoteOf(' a\n\tb ')).toBe('a b')
  expect(quoteOf('y'.repeat(500))).toHaveLength(200)
})

test('each message of each bot has a key of its own', () => {
  expect(answerKey(4, 12)).toBe('bot:4:12')
  expect(answerKey(41, 2)).not.toBe(answerKey(4, 12))
})
