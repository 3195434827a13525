import {plainStyle} from '../style.js'
import type {View, ViewContext} from '../views/view.js'
import {headedColumn, pathOf, valueAt} from './names.js'

/** What a list is sorted by, the first one first. */
export interface SortKey {
  readonly name: string
  readonly isDescending: boolean
}

/** What is compared: exact values, as a pipe gets them. */
type Value = string | number | undefined

/** As `2026-01-31T12:00:00Z`. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** Costly to make, so made on first use. English is the order that Unicode gives by itself, the same everywhere. */
let collator: Intl.Collator | undefined

/** `-unread,name` in parts. */
export function parseSortKeys(text: string): SortKey[] {
  return text
    .split(',')
    .map(part => part.trim())
    .map(part => ({name: part.replace(/^-\s*/, ''), isDescending: part.startsWith('-')}))
}

/**
 * Sorted by columns of the view or JSON fields: numbers as numbers and before text, times by when they are, text as a person
 * would (`room 9` before `room 10`), what is absent last either way. Equal records stay in their order.
 */
export function sortRecords<T>(
  records: readonly T[],
  keys: readonly SortKey[],
  view: View<T>,
  now: Date,
): T[] {
  const context: ViewContext = {isTTY: false, width: 0, now, style: plainStyle}
  const readers = keys.map(({name}) => readerOf(view, name, context))
  const rows = records.map(record => ({record, values: readers.map(read => read(record))}))
  rows.sort((a, b) => {
    for (const [index, {isDescending}] of keys.entries()) {
      const order = compare(a.values[index], b.values[index], isDescending)
      if (order !== 0) return order
    }
    return 0
  })
  return rows.map(({record}) => record)
}

function readerOf<T>(view: View<T>, name: string, context: ViewContext): (record: T) => Value {
  const column = headedColumn(view, name)
  const path = pathOf(name)
  return record => comparable(column === undefined ? valueAt(record, path) : column.value(record, context))
}

function comparable(value: unknown): Value {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? text : time
}

function compare(a: Value, b: Value, isDescending: boolean): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  const order = ascending(a, b)
  return isDescending ? -order : order
}

function ascending(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'number') return -1
  if (typeof b === 'number') return 1
  collator ??= new Intl.Collator('en', {numeric: true})
  return collator.compare(a, b)
}
