import type {Style} from '../style.js'

/** What a view may know about where it is shown. */
export interface ViewContext {
  /** Whether stdout is a terminal: relative times, truncation and human sizes, or none of them. */
  readonly isTTY: boolean
  /** Width of the terminal in columns. Not used in a pipe. */
  readonly width: number
  readonly now: Date
  readonly style: Style
}

/** One column of a table, or one line of a record's details. */
export interface Column<T> {
  /** Lower case, the field's name; capitals at the head of a table. */
  readonly header: string
  /** The raw value, hostile or not: whoever renders it sanitises it. Undefined where the record has none. */
  value(record: T, context: ViewContext): string | number | undefined | null
  /** Sets the value off at a terminal. Gets sanitised, perhaps truncated text. */
  paint?(text: string, style: Style, record: T): string
}

/** How a resource is shown to a person, and in a pipe. */
export interface View<T> {
  /** The columns of a list. */
  readonly columns: readonly Column<T>[]
  /** The lines of a single record; the columns where left out. */
  readonly fields?: readonly Column<T>[]
  /** The fields of a record in JSON, where all are known: before any record has come, another name is a mistake. */
  readonly jsonFields?: readonly string[]
  /** One record of a stream, without the final newline and sanitised by the view; tab-separated columns where left out. */
  line?(record: T, context: ViewContext): string
  /** There is nothing but JSON to show: records are shown as with `--json`. */
  readonly isJson?: boolean
}
