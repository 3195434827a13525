import {jsonText} from '../formats/json.js'
import type {Io} from '../io.js'
import type {JqFilter} from '../jq/jq-filter.js'
import {sanitizeText} from '../sanitize.js'
import {EachRecord} from './each-record.js'
import type {Written} from './renderer.js'

/** What jq makes of each record: a text as it is, all else as JSON, each with a newline. */
export class JqEachRenderer extends EachRecord {
  override readonly format = 'jq'
  readonly #io: Io
  readonly #filter: JqFilter
  readonly #isTTY: boolean

  constructor(io: Io, filter: JqFilter) {
    super()
    this.#io = io
    this.#filter = filter
    this.#isTTY = io.stdout.isTTY === true
  }

  override record(record: unknown): Written {
    return this.print(JSON.stringify(record))
  }

  override value(text: string): Written {
    return this.record(text)
  }

  protected print(json: string): Promise<void> {
    const printed = this.#filter.run(json).then(results => this.#write(results))
    // Who prints a batch awaits its last record only, which fails with the same error.
    printed.catch(() => undefined)
    return printed
  }

  async #write(results: readonly string[]): Promise<void> {
    for (const result of results) await this.#io.write(`${this.#shown(result)}\n`)
  }

  #shown(json: string): string {
    if (!json.startsWith('"')) return jsonText(json, this.#isTTY)
    const text: unknown = JSON.parse(json)
    return this.#isTTY ? sanitizeText(String(text)) : String(text)
  }
}

/** The same, but a list is one document, as `--json` prints it. */
export class JqRenderer extends JqEachRenderer {
  override list(records: readonly unknown[]): Promise<void> {
    return this.print(JSON.stringify(records))
  }

  override async rows(records: AsyncIterable<unknown>): Promise<number> {
    const texts: string[] = []
    for await (const record of records) texts.push(JSON.stringify(record))
    await this.print(`[${texts.join(',')}]`)
    return texts.length
  }
}
