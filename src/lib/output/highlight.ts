import {plainStyle, type Style} from './style.js'

/** Sets parts of a text off. Takes and keeps sanitised text: nothing is added but the paint of the style. */
export type Highlighter = (text: string, style: Style) => string

interface Range {
  readonly start: number
  readonly end: number
}

/**
 * Paints each match of each pattern bold and yellow. Matches that overlap or touch become one, empty ones are left out,
 * and no character of two UTF-16 units is cut in two. Flags `g` and `y` of a pattern make no difference.
 */
export function createHighlighter(patterns: readonly RegExp[]): Highlighter {
  const everywhere = patterns.map(({source, flags}) => new RegExp(source, `${flags.replace(/[gy]/g, '')}g`))
  return (text, style) => {
    if (style === plainStyle) return text
    const ranges = everywhere.flatMap(pattern => rangesOf(pattern, text))
    return ranges.length === 0 ? text : painted(text, merged(ranges), style)
  }
}

/** Matches `@name` as a word of its own, in any case. */
export function mentionOf(username: string): RegExp {
  const name = username.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}_-])@${name}(?![\\p{L}\\p{N}_-])`, 'iu')
}

function rangesOf(pattern: RegExp, text: string): Range[] {
  return [...text.matchAll(pattern)]
    .filter(([match]) => match !== '')
    .map(({0: match, index}) => ({
      start: isInsidePair(text, index) ? index - 1 : index,
      end: isInsidePair(text, index + match.length) ? index + match.length + 1 : index + match.length,
    }))
}

function isInsidePair(text: string, index: number): boolean {
  return /[\ud800-\udbff]/.test(text.charAt(index - 1)) && /[\udc00-\udfff]/.test(text.charAt(index))
}

function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last === undefined || range.start > last.end) result.push(range)
    else result.splice(-1, 1, {start: last.start, end: Math.max(last.end, range.end)})
  }
  return result
}

function painted(text: string, ranges: readonly Range[], style: Style): string {
  let result = ''
  let done = 0
  for (const {start, end} of ranges) {
    result += text.slice(done, start) + style.bold(style.yellow(text.slice(start, end)))
    done = end
  }
  return result + text.slice(done)
}
