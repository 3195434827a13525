/** A cell as it is: numbers are told from text, which may be hostile. */
export type DelimitedCell = string | number

/** One record as a line, its end included. */
export type EncodeRow = (cells: readonly DelimitedCell[]) => string

/**
 * What a spreadsheet would take for a formula, also behind blanks and control characters, which some drop; and the control
 * characters that OWASP lists (CSV injection).
 */
const FORMULA = /^(?:[\s\0-\x1f\x7f\ufeff\u200b]*[=+\-@\uff0b\uff0d\uff1d\uff20]|[\t\r\n])/

/** Puts `'` before a text that a spreadsheet would run. A number is no text: -5 stays. */
export function disarm(cell: DelimitedCell): string {
  return typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : `${cell}`
}

/** RFC 4180 with LF at the end of lines: a cell with a comma, quote or newline is in quotes. Loads its library. */
export async function csvEncoder(): Promise<EncodeRow> {
  const {stringify} = await import('csv-stringify/sync')
  return cells => stringify([cells.map(disarm)])
}

/** One line a record whatever is in it: tab, newline, CR and backslash are `\t`, `\n`, `\r` and `\\`, as in jq's @tsv. */
export const encodeTsv: EncodeRow = cells => `${cells.map(cell => escapeTsv(disarm(cell))).join('\t')}\n`

const TSV_ESCAPES: Readonly<Record<string, string>> = {'\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\'}

function escapeTsv(text: string): string {
  return text.replace(/[\t\n\r\\]/g, character => TSV_ESCAPES[character] ?? '')
}
