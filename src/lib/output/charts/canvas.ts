import type {Measure} from '../formats/layout.js'

/** What a chart is drawn on. */
export interface Canvas {
  /** Columns of the terminal that it may take. */
  readonly width: number
  /** Whether the terminal shows more than ASCII. */
  readonly isUnicode: boolean
  readonly measure: Measure
}

/** How charts are drawn, wherever they stand. */
export type ChartStyle = Omit<Canvas, 'width'>

/** A value as a length: what is no number, or below 0, is none. */
export function lengthOf(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0
}
