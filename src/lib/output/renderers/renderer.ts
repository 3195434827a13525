import type {View} from '../views/view.js'

/** Undefined while stdout takes more at once, else a promise to await before the next call. */
export type Written = Promise<void> | undefined

/** How data is printed. */
export const OUTPUT_FORMATS = ['text', 'table', 'json', 'ndjson', 'csv', 'tsv', 'template', 'jq'] as const

export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

/** Prints data in one format. Safe for the terminal it goes to: text of others is sanitised or escaped here. */
export interface Renderer {
  readonly format: OutputFormat
  /** A single record. */
  one<T>(record: T, view: View<T>): Written
  /** A whole list. */
  list<T>(records: readonly T[], view: View<T>): Written
  /** A list whose records come bit by bit. Resolves to how many there were. */
  rows<T>(records: AsyncIterable<T>, view: View<T>): Promise<number>
  /** The next record of a stream. */
  record<T>(record: T, view: View<T>): Written
  /** A bare text, such as a path. */
  value(text: string): Written
  /** Whether what is asked of the records can be had of this view, before there are any. @throws {VezaError} `usage` */
  check?(view: View<never>): void
}

/** What a bare text is where a record is wanted. */
export interface BareValue {
  readonly value: string
}

/** The view of a bare text. */
export const bareValueView: View<BareValue> = {
  columns: [{header: 'value', value: ({value}) => value}],
  jsonFields: ['value'],
}

/** All records of a list at once. */
export async function collect<T>(records: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const record of records) all.push(record)
  return all
}
