import type {DelimitedCell, EncodeRow} from '../formats/delimited.js'
import type {Io} from '../io.js'
import {sanitizeText} from '../sanitize.js'
import {selectColumns} from '../shape/columns.js'
import {plainStyle} from '../style.js'
import type {Column, View, ViewContext} from '../views/view.js'
import {type BareValue, bareValueView, type Renderer, type Written} from './renderer.js'

/** How lines of cells are made. */
export interface DelimitedOptions {
  readonly format: 'csv' | 'tsv'
  readonly io: Io
  readonly encode: EncodeRow
  readonly now: () => Date
}

/** A head and a line for each record. Values are exact, but for formulas, and for what a terminal could act on. */
export class DelimitedRenderer implements Renderer {
  readonly format: 'csv' | 'tsv'
  readonly #options: DelimitedOptions
  readonly #isTTY: boolean
  /** The columns of the head, once it is written. */
  #head: readonly string[] | undefined

  constructor(options: DelimitedOptions) {
    this.#options = options
    this.format = options.format
    this.#isTTY = options.io.stdout.isTTY === true
  }

  one<T>(record: T, view: View<T>): Written {
    return this.list([record], {...view, columns: view.fields ?? view.columns})
  }

  async list<T>(records: readonly T[], view: View<T>): Promise<void> {
    await this.#open(view, records[0])
    for (const record of records) await this.record(record, view)
  }

  async rows<T>(records: AsyncIterable<T>, view: View<T>): Promise<number> {
    let count = 0
    for await (const record of records) {
      await this.record(record, view)
      count += 1
    }
    if (count === 0) await this.#open(view, undefined)
    return count
  }

  record<T>(record: T, view: View<T>): Written {
    const head = this.#head ?? this.#open(view, record)
    const context = this.#context()
    return this.#write(this.#columns(view, head).map(({value}) => value(record, context) ?? ''))
  }

  value(value: string): Written {
    return this.one<BareValue>({value}, bareValueView)
  }

  /** Writes the head: the view's columns, or the fields of the first record where it has none. */
  #open<T>(view: View<T>, first: T | undefined): readonly string[] {
    if (this.#head !== undefined) return this.#head
    const isBare = view.columns.length === 0 && typeof first === 'object' && first !== null
    const head = isBare ? Object.keys(first) : view.columns.map(({header}) => header)
    this.#head = head
    if (head.length > 0) this.#write(head)
    return head
  }

  /** A stream may mix views; the columns are those of the head. */
  #columns<T>(view: View<T>, head: readonly string[]): readonly Column<T>[] {
    const isSame =
      view.columns.length === head.length && view.columns.every(({header}, i) => header === head[i])
    return isSame ? view.columns : selectColumns(view, head).columns
  }

  #write(cells: readonly DelimitedCell[]): Written {
    const safe = this.#isTTY
      ? cells.map(cell => (typeof cell === 'string' ? sanitizeText(cell) : cell))
      : cells
    return this.#options.io.write(this.#options.encode(safe))
  }

  #context(): ViewContext {
    return {isTTY: false, width: Number.POSITIVE_INFINITY, now: this.#options.now(), style: plainStyle}
  }
}
