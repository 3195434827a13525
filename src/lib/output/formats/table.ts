import type {Column, ViewContext} from '../views/view.js'
import {cellText, separatedLine} from './cell.js'
import {fitWidths, GAP, type Measure, truncate} from './layout.js'

/** Above this, cli-table3 takes seconds: plain columns from there. */
const LIBRARY_ROWS = 500

/** No lines at all, two spaces between columns. */
const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: GAP,
} as const

/** A cell once as measured and once as shown. */
interface Cell {
  readonly text: string
  readonly painted: string
}

/**
 * The rows as a table without borders, cut to the width of the context; if not aligned, as tab-separated lines without a
 * header. Cells are sanitised in both. Ends with a newline; empty where there are no rows. string-width and cli-table3
 * (up to 500 rows) are loaded for an aligned table only.
 * @param isAligned default: at a terminal.
 */
export async function renderTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  context: ViewContext,
  isAligned = context.isTTY,
): Promise<string> {
  if (!isAligned) return rows.map(row => separatedLine(columns, row, context)).join('')
  if (rows.length === 0) return ''
  const {default: measure} = await import('string-width')
  const cells = layOut(columns, rows, context, measure)
  const lines = rows.length <= LIBRARY_ROWS ? await tableLines(cells) : plainLines(cells, measure)
  return lines.map(line => `${line.trimEnd()}\n`).join('')
}

/** Head and body, each cell cut to what its column may take, then painted. */
function layOut<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  context: ViewContext,
  measure: Measure,
): Cell[][] {
  const head = columns.map(column => column.header.toUpperCase())
  const body = rows.map(row => columns.map(column => cellText(column, row, context)))
  const natural = columnWidths([head, ...body], measure)
  const widths = fitWidths(natural, context.width)
  const cut = (text: string, index: number) => truncate(text, widths[index] ?? 0, measure)
  const headCells = head.map(cut).map(text => ({text, painted: context.style.bold(text)}))
  const bodyCells = body.map((texts, rowIndex) =>
    texts
      .map(cut)
      .map((text, index) => ({text, painted: paint(columns[index], text, rows[rowIndex], context)})),
  )
  return [headCells, ...bodyCells]
}

function paint<T>(
  column: Column<T> | undefined,
  text: string,
  row: T | undefined,
  context: ViewContext,
): string {
  return row !== undefined && column?.paint ? column.paint(text, context.style, row) : text
}

function columnWidths(lines: readonly (readonly string[])[], measure: Measure): number[] {
  const widths: number[] = []
  for (const line of lines) {
    line.forEach((text, index) => {
      widths[index] = Math.max(widths[index] ?? 0, measure(text))
    })
  }
  return widths
}

async function tableLines(cells: readonly Cell[][]): Promise<string[]> {
  const {default: Table} = await import('cli-table3')
  const table = new Table({
    chars: NO_BORDERS,
    style: {head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0},
  })
  table.push(...cells.map(line => line.map(cell => cell.painted)))
  return table.toString().split('\n')
}

function plainLines(cells: readonly Cell[][], measure: Measure): string[] {
  const widths = columnWidths(
    cells.map(line => line.map(cell => cell.text)),
    measure,
  )
  return cells.map(line =>
    line
      .map(({text, painted}, index) => painted + ' '.repeat((widths[index] ?? 0) - measure(text)))
      .join(GAP),
  )
}
