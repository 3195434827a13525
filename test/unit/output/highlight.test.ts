import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {createHighlighter, mentionOf} from '../../../src/lib/output/highlight.js'
import {sanitizeText} from '../../../src/lib/output/sanitize.js'
import {createStyle, plainStyle} from '../../../src/lib/output/style.js'
import {FORBIDDEN, hostileText, markingStyle, withoutMarks} from './hostile.js'

const shown = (text: string, ...patterns: RegExp[]) =>
  createHighlighter(patterns)(text, markingStyle).replaceAll('\ue000', '<').replaceAll('\ue001', '>')

describe('a highlighter', () => {
  it.each<[string, string, RegExp[], string]>([
    ['each match', 'deploy, then deploy', [/deploy/], '<deploy>, then <deploy>'],
    ['matches of a pattern that is global or sticky', 'a b a', [/a/gy], '<a> b <a>'],
    ['the case that a pattern leaves open', 'Error', [/error/i], '<Error>'],
    ['overlapping matches as one', 'abcdef', [/abcd/, /cde/], '<abcde>f'],
    ['touching matches as one', 'abcd', [/ab/, /cd/], '<abcd>'],
    ['a match inside another', 'abcdef', [/abcdef/, /cd/], '<abcdef>'],
    ['the whole of a character of two units', 'a👍b', [/\ud83d/, /b/], 'a<👍b>'],
    ['the whole of a character that a match begins in', 'a👍b', [/\udc4d/], 'a<👍>b'],
    ['the whole of a character that a match ends in', 'a👍b', [/a./], '<a👍>b'],
  ])('paints %s', (_what, text, patterns, result) => {
    expect(shown(text, ...patterns)).toBe(result)
  })

  it('leaves empty matches and other text alone', () => {
    expect(shown('abc', /x*/, /y/)).toBe('abc')
    expect(shown('abc')).toBe('abc')
  })

  it('is bold and yellow, and nothing without colour', async () => {
    const style = await createStyle(1)
    const highlight = createHighlighter([/b/])
    expect(highlight('abc', style)).toBe(`a${style.bold(style.yellow('b'))}c`)
    expect(highlight('abc', plainStyle)).toBe('abc')
  })

  it('adds nothing but its paint, whatever the text and the patterns', () => {
    const patterns = [/deploy/, /./s, /\[|m/, /[\s\S]{3}/, /@ada/i, /$/]
    fc.assert(
      fc.property(hostileText, fc.subarray(patterns), (text, chosen) => {
        const safe = sanitizeText(text)
        const result = createHighlighter(chosen)(safe, markingStyle)
        expect(withoutMarks(result)).toBe(safe)
        expect(result).not.toMatch(FORBIDDEN)
      }),
    )
  })
})

describe('a mention', () => {
  it.each([
    ['@ada', true],
    ['hi @Ada, look', true],
    ['(@ada)', true],
    ['@adam', false],
    ['@ada-2', false],
    ['x@ada', false],
    ['ada', false],
  ])('in %s: %s', (text, isOne) => {
    expect(mentionOf('ada').test(text)).toBe(isOne)
  })

  it('takes a name for what it is', () => {
    expect(mentionOf('a.*b').test('@axb')).toBe(false)
    expect(mentionOf('a.*b').test('@a.*b')).toBe(true)
  })
})
