import {VezaError} from '../../errors/veza-error.js'
import {ownValue} from '../own-value.js'
import type {Column, View} from '../views/view.js'

/** A name that is given twice, or none at all. @throws {VezaError} `usage` */
export function checkList(names: readonly string[], source: string): void {
  if (names.some(name => pathOf(name).includes('')))
    throw new VezaError('usage', `${source} has an empty name`, {hint: 'give names by commas: id,content'})
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new VezaError('usage', `${source} names ${shown(twice)} twice`)
}

/** A name as it may stand in an error: what is no name may be a secret in the wrong place. */
export function shown(name: string): string {
  return /^[\w. -]{1,64}$/.test(name) ? name : '(unreadable)'
}

/**
 * The column of a view that a name means: its header in any case, `_` and `-` being spaces. A name that begins with a dot
 * never means one.
 */
export function headedColumn<T>(view: View<T>, name: string): Column<T> | undefined {
  const wanted = asHeader(name)
  return [...view.columns, ...(view.fields ?? [])].find(({header}) => asHeader(header) === wanted)
}

/** The keys on the way to a field of JSON: `other_user.username` and `.other_user.username` are the same. */
export function pathOf(name: string): readonly string[] {
  return name.replace(/^\./, '').split('.')
}

/** What a record has at the end of a path; undefined where it has not. A list has its elements under 0, 1, ... */
export function valueAt(record: unknown, path: readonly string[]): unknown {
  return path.reduce(ownValue, record)
}

/** What a view and records show there is to name. */
export interface Known<T> {
  readonly view: View<T>
  readonly records: readonly T[]
}

/** Whether there is a field of that name, at least in one record or by the view's own word. */
export function isField<T>(name: string, {view, records}: Known<T>): boolean {
  const [first = ''] = pathOf(name)
  return (
    view.jsonFields?.includes(first) === true || records.some(record => ownValue(record, first) !== undefined)
  )
}

/** All names of JSON fields that are known, those of the view first. */
export function fieldNames<T>({view, records}: Known<T>): string[] {
  const found = records.flatMap(record =>
    typeof record === 'object' && record !== null ? Object.keys(record) : [],
  )
  return [...new Set([...(view.jsonFields ?? []), ...found])]
}

function asHeader(text: string): string {
  return text.toLowerCase().replace(/[_-]/g, ' ')
}
