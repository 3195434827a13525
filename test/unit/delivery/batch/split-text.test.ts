import fc from 'fast-check'
import {expect, test} from 'vitest'
import {splitText} from '../../../../src/lib/delivery/batch/split-text.js'

test('what fits stays whole', () => {
  expect(splitText('one two', 7)).toEqual(['one two'])
  expect(splitText('👩👩👩', 3)).toEqual(['👩👩👩'])
})

test('it is cut at the last space of the second half, which is left out', () => {
  expect(splitText('one two three', 8)).toEqual(['one two', 'three'])
  expect(splitText('abc def', 3)).toEqual(['abc', 'def'])
  expect(splitText('a bcdefghijk', 6)).toEqual(['a bcde', 'fghijk'])
})

test('no part is too long or empty, no character is halved, none but spaces is lost', () => {
  const text = fc.string({unit: fc.constantFrom('a', ' ', '👩', 'ä')})
  const property = fc.property(text, fc.integer({min: 1, max: 10}), (whole, max) => {
    const parts = splitText(whole, max)
    for (const part of parts) {
      expect([...part].length).toBeLessThanOrEqual(max)
      expect(Buffer.from(part).toString()).toBe(part)
      if (whole !== '') expect(part).not.toBe('')
    }
    expect(parts.join('').replaceAll(' ', '')).toBe(whole.replaceAll(' ', ''))
  })
  fc.assert(property)
})
