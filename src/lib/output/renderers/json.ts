import {jsonDocument, jsonRecord} from '../formats/json.js'
import type {Io} from '../io.js'
import type {Renderer, Written} from './renderer.js'

/** One JSON document from a one-shot command, one record a line from a stream. */
export class JsonRenderer implements Renderer {
  readonly format = 'json'
  readonly #io: Io
  readonly #isTTY: boolean

  constructor(io: Io) {
    this.#io = io
    this.#isTTY = io.stdout.isTTY === true
  }

  one(record: unknown): Written {
    return this.#io.write(jsonDocument(record, this.#isTTY))
  }

  list(records: readonly unknown[]): Written {
    return this.one(records)
  }

  /** Still one array. At a terminal all at once, to be indented. */
  async rows(records: AsyncIterable<unknown>): Promise<number> {
    if (this.#isTTY) return this.#collected(records)
    let count = 0
    for await (const record of records) {
      await this.#io.write(`${count === 0 ? '[' : ','}${JSON.stringify(record)}`)
      count += 1
    }
    await this.#io.write(count === 0 ? '[]\n' : ']\n')
    return count
  }

  record(record: unknown): Written {
    return this.#io.write(jsonRecord(record, this.#isTTY))
  }

  value(text: string): Written {
    return this.one(text)
  }

  async #collected(records: AsyncIterable<unknown>): Promise<number> {
    const all: unknown[] = []
    for await (const record of records) all.push(record)
    await this.list(all)
    return all.length
  }
}
