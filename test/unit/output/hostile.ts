import fc from 'fast-check'
import {plainStyle, type Style} from '../../../src/lib/output/style.js'

/** What no human format may contain, whoever wrote the text: all that a terminal acts on but newline and tab. */
export const FORBIDDEN =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u

const MARKS = ['\ue000', '\ue001'] as const

const marked = (text: string) => `${MARKS[0]}${text}${MARKS[1]}`

/** Paints with marks in place of escape sequences: an escape in the output then comes from the input. */
export const markingStyle: Style = {...plainStyle, bold: marked, yellow: text => text}

export const withoutMarks = (text: string) => text.replace(/[\ue000\ue001]/g, '')

/** Text dense in what sequences are made of, with words to highlight between their parts. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\x1b',
        '\x1b[',
        '\x1b]8;;',
        '\x1bP',
        '\x07',
        '\x1b\\',
        '\x9b',
        '\x9c',
        '\r',
        '\n',
        '31m',
      ),
      fc.constantFrom(
        'deploy',
        'dep',
        'loy',
        '@ada',
        '@',
        'ada',
        '\u202e',
        '\u{e0041}',
        '👍',
        '\u200d',
        '\t',
      ),
      fc.string({unit: 'binary', maxLength: 5}),
    ),
    {maxLength: 30},
  )
  .map(parts => parts.join('').replace(/[\ue000\ue001]/g, ''))
