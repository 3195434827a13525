import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {searchPattern} from '../../../../src/lib/cli/search/pattern.js'

describe('a text', () => {
  test.each([
    ['needle', 'a Needle here', true],
    ['Needle', 'a Needle here', true],
    ['Needle', 'a needle here', false],
    ['a.b', 'axb', false],
    ['(a', '(a', true],
    ['50% [x]', 'now 50% [x]!', true],
    ['ÄRGER', 'ärger', false],
    ['ärger', 'ÄRGER', true],
    ['👩‍👧', 'see 👩‍👧 there', true],
    ['two\nlines', 'of two\nlines', true],
  ])('%j in %j: %s', (text, content, isThere) => {
    expect(searchPattern(text, {}).test(content)).toBe(isThere)
  })

  test('is found as it is, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({unit: 'binary', minLength: 1, maxLength: 12}),
        fc.string({unit: 'binary', maxLength: 12}),
        (text, around) => {
          expect(searchPattern(text, {caseSensitive: true}).test(around + text + around)).toBe(true)
          expect(searchPattern(text, {caseSensitive: true}).test(around)).toBe(around.includes(text))
        },
      ),
    )
  })

  test('case as it is asked for', () => {
    expect(searchPattern('needle', {caseSensitive: true}).test('Needle')).toBe(false)
    expect(searchPattern('Needle', {ignoreCase: true}).test('nEEDLE')).toBe(true)
  })
})

describe('a regular expression', () => {
  test.each([
    ['^needle', 'NEEDLE', true],
    ['^Needle', 'NEEDLE', false],
    [String.raw`\Seedle`, 'NEEDLE', true],
    [String.raw`\p{Lu}eedle`, 'neeDLE', true],
    [String.raw`\u{4e}eedle`, 'nEEDLE', true],
    [String.raw`\u004Eeedle`, 'nEEDLE', true],
    [String.raw`\x4Eeedle`, 'nEEDLE', true],
    [String.raw`\\Needle`, String.raw`\NEEDLE`, false],
  ])('%s in %j: %s', (text, content, isThere) => {
    expect(searchPattern(text, {regex: true}).test(content)).toBe(isThere)
  })

  test.each(['(', 'a{', '['])('%s is none', text => {
    expect(() => searchPattern(text, {regex: true})).toThrow('TEXT is no regular expression')
  })
})

test('an empty text and both wishes are usage errors', () => {
  expect(() => searchPattern('', {})).toThrow('TEXT is empty')
  expect(() => searchPattern('x', {ignoreCase: true, caseSensitive: true})).toThrow('not both')
})
