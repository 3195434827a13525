import {sanitizeLine} from '../sanitize.js'
import type {Column, ViewContext} from '../views/view.js'

/** What a terminal shows where a record has no value. A pipe gets an empty field. */
const ABSENT = '-'

/** A record's value in a column as one line of safe text, without paint. */
export function cellText<T>(column: Column<T>, record: T, context: ViewContext): string {
  const text = sanitizeLine(rawText(column, record, context))
  return text === '' && context.isTTY ? ABSENT : text
}

/** A record's value as a string, still hostile; empty where it has none. */
export function rawText<T>(column: Column<T>, record: T, context: ViewContext): string {
  return `${column.value(record, context) ?? ''}`
}

/** A record as one line of tab-separated values, with its newline: what a pipe gets, in colour only if forced. */
export function separatedLine<T>(columns: readonly Column<T>[], record: T, context: ViewContext): string {
  const cells = columns.map(column => {
    const text = cellText(column, record, context)
    return column.paint?.(text, context.style, record) ?? text
  })
  return `${cells.join('\t')}\n`
}
