/** Measures text in terminal columns. */
export type Measure = (text: string) => number

/** Between two columns of a table. */
export const GAP = '  '

const ELLIPSIS = '…'

/** Costly to make, so made on first use. */
let segmenter: Intl.Segmenter | undefined

/**
 * The widths of columns that fit a terminal: the widest gives way first, none falls below 1. A terminal too narrow
 * even for that is overrun.
 */
export function fitWidths(natural: readonly number[], available: number): number[] {
  const widths = [...natural]
  let excess = sum(widths) + GAP.length * (widths.length - 1) - available
  for (; excess > 0; excess--) {
    const widest = Math.max(...widths)
    if (widest <= 1) break
    widths[widths.indexOf(widest)] = widest - 1
  }
  return widths
}

/** Cuts text to a width, by what a reader sees as characters, with an ellipsis where something is missing. */
export function truncate(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text
  segmenter ??= new Intl.Segmenter()
  let kept = ''
  let used = measure(ELLIPSIS)
  for (const {segment} of segmenter.segment(text)) {
    used += measure(segment)
    if (used > width) break
    kept += segment
  }
  return kept + ELLIPSIS
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
