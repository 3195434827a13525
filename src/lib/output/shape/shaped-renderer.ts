import {type BareValue, bareValueView, collect, type Renderer, type Written} from '../renderers/renderer.js'
import type {View} from '../views/view.js'
import {selectColumns} from './columns.js'
import {type Demand, missingName, type Suggest} from './demand.js'
import type {Known} from './names.js'
import {type SortKey, sortRecords} from './sort.js'

/** So many records of a long list are looked at before a name counts as unknown: a page. */
const LOOKED_AT = 100

/** What is made of records before they are printed. */
export interface Shape {
  /** Names of columns or paths; all columns where left out. */
  readonly columns?: readonly string[] | undefined
  readonly sort?: readonly SortKey[] | undefined
  /** Names that must be there, of columns, sorting and template. */
  readonly demands: readonly Demand[]
  readonly suggest?: Suggest | undefined
  /** Tells a person something on stderr. */
  readonly warn: (text: string) => void
  readonly now: () => Date
}

/** Chooses columns, sorts lists and refuses names that are not there; what is left is printed by another renderer. */
export class ShapedRenderer implements Renderer {
  readonly format
  readonly #inner: Renderer
  readonly #shape: Shape
  /** What became of the views of a stream, so that each record costs no more than a look here. */
  readonly #selected = new WeakMap<object, unknown>()
  /** Whether a view has been found to have all names: what a record of another kind lacks is no mistake then. */
  #isChecked = false

  constructor(inner: Renderer, shape: Shape) {
    this.#inner = inner
    this.#shape = shape
    this.format = inner.format
  }

  check(view: View<never>): void {
    this.#demand({view, records: []}, false)
    this.#isChecked = view.jsonFields !== undefined
  }

  one<T>(record: T, view: View<T>): Written {
    this.#demand({view, records: [record]}, true)
    return this.#inner.one(record, this.#select(view))
  }

  list<T>(records: readonly T[], view: View<T>): Written {
    this.#demand({view, records}, true)
    return this.#inner.list(this.#sorted(records, view), this.#select(view))
  }

  async rows<T>(records: AsyncIterable<T>, view: View<T>): Promise<number> {
    if (this.#shape.sort === undefined)
      return this.#inner.rows(this.#checked(records, view), this.#select(view))
    const all = await collect(records)
    await this.list(all, view)
    return all.length
  }

  record<T>(record: T, view: View<T>): Written {
    if (!this.#selected.has(view)) {
      this.#demand({view, records: [record]}, false)
      if (this.#shape.sort !== undefined) this.#shape.warn('--sort is for lists: this is printed as it comes')
    }
    return this.#inner.record(record, this.#select(view))
  }

  value(value: string): Written {
    if (this.#shape.columns !== undefined) return this.one<BareValue>({value}, bareValueView)
    return this.#inner.value(value)
  }

  async *#checked<T>(records: AsyncIterable<T>, view: View<T>): AsyncGenerator<T> {
    let head: T[] | undefined = []
    for await (const record of records) {
      if (head === undefined) yield record
      else if (head.push(record) === LOOKED_AT) {
        this.#demand({view, records: head}, true)
        yield* head
        head = undefined
      }
    }
    if (head === undefined) return
    this.#demand({view, records: head}, true)
    yield* head
  }

  #demand<T>(known: Known<T>, isWhole: boolean): void {
    if (this.#isChecked) return
    const {demands, suggest, warn} = this.#shape
    const missing = missingName(demands, known, {isWhole, suggest})
    if (missing?.isCertain === true) throw missing.error
    if (missing !== undefined && known.records.length > 0) warn(missing.error.message)
  }

  #sorted<T>(records: readonly T[], view: View<T>): readonly T[] {
    const {sort, now} = this.#shape
    return sort === undefined ? records : sortRecords(records, sort, view, now())
  }

  #select<T>(view: View<T>): View<T> {
    const known = this.#selected.get(view)
    if (known !== undefined) return known as View<T>
    const {columns} = this.#shape
    const selected = columns === undefined ? view : selectColumns(view, columns)
    this.#selected.set(view, selected)
    return selected
  }
}
