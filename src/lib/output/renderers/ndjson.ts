import {jsonRecord} from '../formats/json.js'
import type {Io} from '../io.js'
import {EachRecord} from './each-record.js'
import type {Written} from './renderer.js'

/** One JSON record a line, whatever is printed. */
export class NdjsonRenderer extends EachRecord {
  override readonly format = 'ndjson'
  readonly #io: Io
  readonly #isTTY: boolean

  constructor(io: Io) {
    super()
    this.#io = io
    this.#isTTY = io.stdout.isTTY === true
  }

  override record(record: unknown): Written {
    return this.#io.write(jsonRecord(record, this.#isTTY))
  }

  override value(text: string): Written {
    return this.record(text)
  }
}
