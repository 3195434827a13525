import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {sanitizeLine, sanitizeText} from '../../../src/lib/output/sanitize.js'
import {FORBIDDEN, FORBIDDEN_RANGES, textWith} from './hostile.js'

const forbiddenIn = (text: string) => [...text].filter(character => FORBIDDEN.test(character))

/** With both ends of each range. */
const hostile = textWith(FORBIDDEN_RANGES.flat().map(codePoint => String.fromCodePoint(codePoint)))

const plain = fc
  .string({unit: 'binary'})
  .map(text => [...text].filter(character => !FORBIDDEN.test(character)).join(''))

describe('sanitizeText', () => {
  it.each([
    ['colours', 'a\x1b[1;31mred\x1b[0mb', 'aredb'],
    ['a C1 sequence', 'a\x9b2Jb', 'ab'],
    ['a title by BEL', '\x1b]0;owned\x07text', 'text'],
    ['a title by ST', '\x1b]0;owned\x1b\\text', 'text'],
    ['a hyperlink', '\x1b]8;;https://evil.example\x1b\\bank\x1b]8;;\x1b\\', 'bank'],
    ['a C1 string', '\x9d52;c;AAAA\x9ctext', 'text'],
    ['DCS, SOS, PM, APC', '\x1bPq\x1b\\1\x1bXs\x1b\\2\x1b^p\x1b\\3\x1b_a\x1b\\4', '1234'],
    ['a reset and a charset', '\x1bca\x1b(0b\x1b7c', 'abc'],
    ['a string without an end', '\x1b]0;owned', '0;owned'],
    ['an escape at the end', 'a\x1b', 'a\\u{1b}'],
    ['a sequence broken by a newline', 'a\x1b[3\nb', 'a3\nb'],
    ['a sequence inside a sequence', '\x1b[\x1b[31m31m', '31m'],
    ['what moves the cursor', 'a\rb\bc\x07', 'a\\u{d}b\\u{8}c\\u{7}'],
    ['a right-to-left override', 'exe.\u202egpj', 'exe.\\u{202e}gpj'],
    ['an invisible tag', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['lines of Windows', 'a\r\nb', 'a\nb'],
  ])('makes %s harmless', (_what, text, safe) => {
    expect(sanitizeText(text)).toBe(safe)
  })

  it('leaves no forbidden character', () => {
    fc.assert(
      fc.property(hostile, text => {
        expect(forbiddenIn(sanitizeText(text))).toEqual([])
      }),
    )
  })

  it('is idempotent', () => {
    fc.assert(
      fc.property(hostile, text => {
        expect(sanitizeText(sanitizeText(text))).toBe(sanitizeText(text))
      }),
    )
  })

  it('returns plain text unchanged', () => {
    fc.assert(
      fc.property(plain, text => {
        expect(sanitizeText(text)).toBe(text)
      }),
    )
  })

  it('takes linear time on introducers without an end', () => {
    const startedAt = performance.now()
    sanitizeText('\x9d'.repeat(200_000))
    sanitizeText('\x1b]x'.repeat(200_000))
    sanitizeText(`\x1b[${'1'.repeat(200_000)}`)
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })
})

describe('sanitizeLine', () => {
  it('shows newlines and tabs', () => {
    expect(sanitizeLine('a\nb\tc\r\nd')).toBe('a⏎b⇥c⏎d')
  })

  it('is one line without tabs, and idempotent', () => {
    fc.assert(
      fc.property(hostile, text => {
        const line = sanitizeLine(text)
        expect(line).not.toMatch(/[\n\t]/)
        expect(forbiddenIn(line)).toEqual([])
        expect(sanitizeLine(line)).toBe(line)
      }),
    )
  })
})
