import {valueText} from '../own-value.js'
import type {Column, View} from '../views/view.js'
import {headedColumn, pathOf, valueAt} from './names.js'

/**
 * A view with just these columns, in this order: the view's own by their headers, any other name is a path into the JSON of
 * the record. A line of its own is given up, so that a stream has the same columns.
 */
export function selectColumns<T>(view: View<T>, names: readonly string[]): View<T> {
  const columns = names.map(name => columnOf(view, name))
  return {columns, fields: columns, ...(view.jsonFields === undefined ? {} : {jsonFields: view.jsonFields})}
}

function columnOf<T>(view: View<T>, name: string): Column<T> {
  const headed = headedColumn(view, name)
  const path = pathOf(name)
  const header = name.replace(/^\./, '')
  return headed === undefined ? {header, value: record => cellOf(valueAt(record, path))} : {...headed, header}
}

function cellOf(value: unknown): string | number {
  return typeof value === 'number' ? value : valueText(value)
}
