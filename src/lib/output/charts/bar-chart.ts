import {GAP, truncate} from '../formats/layout.js'
import {sanitizeLine} from '../sanitize.js'
import {type Canvas, lengthOf} from './canvas.js'

/** One line of a bar chart. */
export interface Bar {
  /** Hostile or not. */
  readonly label: string
  readonly value: number
}

/** Parts of a character from an eighth up. */
const EIGHTHS = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█']
/** Longer bars say no more. */
const LONGEST_BAR = 40
/** Names take at most this part of the width. */
const LABEL_PART = 0.5

/**
 * Horizontal bars, a line each: label, bar, value. Labels are sanitised, and cut so that the rest has room; bars are left out
 * where there is none for them. What is not 0 is seen.
 */
export function barChart(bars: readonly Bar[], canvas: Canvas): string[] {
  const {measure, width} = canvas
  const values = bars.map(({value}) => String(value))
  const valueWidth = longest(values.map(value => value.length))
  const rest = width - valueWidth - GAP.length
  const labels = bars.map(({label}) => sanitizeLine(label))
  const wanted = longest(labels.map(label => measure(label)))
  const labelWidth = Math.max(1, Math.min(wanted, Math.max(Math.floor(width * LABEL_PART), 1), rest))
  const barWidth = Math.min(LONGEST_BAR, rest - labelWidth - GAP.length)
  const highest = longest(bars.map(({value}) => lengthOf(value)))
  return bars.map(({value}, index) => {
    const label = cut(labels[index] ?? '', labelWidth, canvas)
    const cells = [padded(label, labelWidth, canvas), (values[index] ?? '').padStart(valueWidth)]
    if (barWidth >= 1) cells.push(bar(lengthOf(value) / (highest || 1), barWidth, canvas.isUnicode))
    return cells.join(GAP).trimEnd()
  })
}

function bar(part: number, width: number, isUnicode: boolean): string {
  if (part === 0) return ''
  if (!isUnicode) return '#'.repeat(Math.max(1, Math.round(part * width)))
  const eighths = Math.max(1, Math.round(part * width * EIGHTHS.length))
  const whole = Math.floor(eighths / EIGHTHS.length)
  return '█'.repeat(whole) + (EIGHTHS[(eighths % EIGHTHS.length) - 1] ?? '')
}

function cut(text: string, width: number, {isUnicode, measure}: Canvas): string {
  const short = truncate(text, width, measure)
  return isUnicode || short === text ? short : short.replace(/…$/, '~')
}

function padded(text: string, width: number, {measure}: Canvas): string {
  return text + ' '.repeat(Math.max(0, width - measure(text)))
}

function longest(lengths: readonly number[]): number {
  return lengths.reduce((most, length) => Math.max(most, length), 0)
}
