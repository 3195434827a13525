import {VezaError} from '../../errors/veza-error.js'
import type {View} from '../views/view.js'
import {fieldNames, headedColumn, isField, type Known, shown} from './names.js'

/** Names that a flag asks records for. */
export interface Demand {
  /** The flag, such as `--columns`. */
  readonly source: string
  readonly names: readonly string[]
  /** Whether the columns of the view count, beside the fields of JSON. */
  readonly takesHeaders: boolean
}

/** The name that a mistyped one may stand for. */
export type Suggest = (name: string, names: readonly string[]) => string | undefined

/** A name that is not known: certainly a mistake, or perhaps a field that the next record has. */
export interface Missing {
  readonly error: VezaError
  readonly isCertain: boolean
}

/**
 * The first name that neither the view nor a record has. It is a mistake where a whole list was looked through, or where the
 * view says which fields there are. It may be none of a stream that has only begun, for a name with a dot before it, and of
 * what has no columns: that is told of a change that was made already.
 */
export function missingName<T>(
  demands: readonly Demand[],
  known: Known<T>,
  {isWhole, suggest}: {readonly isWhole: boolean; readonly suggest?: Suggest | undefined},
): Missing | undefined {
  const {view, records} = known
  for (const demand of demands) {
    const name = demand.names.find(each => !isThere(each, demand, known))
    if (name === undefined) continue
    const isSeen = isWhole && records.length > 0 && view.columns.length > 0
    const isCertain = isSeen || (view.jsonFields !== undefined && !name.startsWith('.'))
    return {error: unknownName(name, demand, known, suggest), isCertain}
  }
  return undefined
}

function isThere<T>(name: string, {takesHeaders}: Demand, known: Known<T>): boolean {
  return (takesHeaders && headedColumn(known.view, name) !== undefined) || isField(name, known)
}

function unknownName<T>(
  name: string,
  {source, takesHeaders}: Demand,
  known: Known<T>,
  suggest: Suggest | undefined,
): VezaError {
  const headers = takesHeaders ? headersOf(known.view) : []
  const fields = fieldNames(known).filter(field => !headers.includes(field))
  const near = suggest?.(name, [...headers, ...fields])
  const what = takesHeaders ? 'column or field' : 'field'
  const hint = `${near === undefined ? '' : `did you mean ${near}? `}there are ${inWords(headers, fields)}`
  return new VezaError('usage', `${source}: there is no ${what} ${shown(name)}`, {hint})
}

function inWords(headers: readonly string[], fields: readonly string[]): string {
  if (headers.length === 0) return fields.join(', ') || 'none'
  return headers.join(', ') + (fields.length === 0 ? '' : ` and, of the JSON, ${fields.join(', ')}`)
}

function headersOf<T>({columns, fields = []}: View<T>): string[] {
  return [...new Set([...columns, ...fields].map(({header}) => header))]
}
