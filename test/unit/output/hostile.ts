import fc from 'fast-check'
import {plainStyle, type Style} from '../../../src/lib/output/style.js'

/** What no human format may contain, whoever wrote the text: all that a terminal acts on but newline and tab. */
export const FORBIDDEN_RANGES = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200e, 0x200f],
  [0x2028, 0x2029],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
  [0xe0000, 0xe007f],
] as const

const inClass = (codePoint: number) => `\\u{${codePoint.toString(16)}}`

/** One forbidden character. */
export const FORBIDDEN = new RegExp(
  `[${FORBIDDEN_RANGES.map(range => range.map(inClass).join('-')).join('')}]`,
  'u',
)

const MARKS = ['\ue000', '\ue001'] as const

const marked = (text: string) => `${MARKS[0]}${text}${MARKS[1]}`

/** Paints with marks in place of escape sequences: an escape in the output then comes from the input. */
export const markingStyle: Style = {...plainStyle, bold: marked, yellow: text => text}

export const withoutMarks = (text: string) => text.replace(/[\ue000\ue001]/g, '')

const SEQUENCE_PARTS = [
  ...['\x1b', '\x1b[', '\x1b]8;;', '\x1bP', '\x07', '\x1b\\', '\x9b', '\x9c', '\x9d'],
  ...['\r\n', '\r', '\n', '31m'],
]

/** Text dense in what sequences are made of, so that they meet, nest and break off, with some words between them. */
export const textWith = (words: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...SEQUENCE_PARTS),
        fc.constantFrom(...words),
        fc.string({unit: 'binary', maxLength: 5}),
      ),
      {maxLength: 30},
    )
    .map(parts => parts.join(''))

/** Such text with words to highlight between their parts, and without the marks of `markingStyle`. */
export const hostileText = textWith([
  ...['deploy', 'dep', 'loy', '@ada', '@', 'ada'],
  ...['\u202e', '\u{e0041}', '👍', '\u200d', '\t'],
]).map(withoutMarks)
