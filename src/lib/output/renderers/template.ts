import type {Io} from '../io.js'
import {sanitizeLine} from '../sanitize.js'
import {type OpenTemplate, readTemplate, type Template} from '../template.js'
import {EachRecord} from './each-record.js'
import type {Written} from './renderer.js'

/** A template and where it came from. */
export interface TemplateSource {
  readonly text: string
  /** What it is in an error, such as `--template`. */
  readonly source: string
  /** Whether `\n` and `\t` in it mean what they mean in a shell's quotes. */
  readonly escapes: boolean
}

/** A template as a renderer fills it in: each value on one line of safe text. @throws {VezaError} `usage` */
export function openOutputTemplate({text, source, escapes}: TemplateSource): Promise<OpenTemplate> {
  return readTemplate(text, {source, escapes, clean: sanitizeLine})
}

/** A template filled in with the JSON fields of each record, and a newline. */
export class TemplateRenderer extends EachRecord {
  override readonly format = 'template'
  readonly #io: Io
  readonly #fill: Template

  constructor(io: Io, fill: Template) {
    super()
    this.#io = io
    this.#fill = fill
  }

  override record(record: unknown): Written {
    return this.#io.write(`${this.#fill(record as Readonly<Record<string, unknown>>)}\n`)
  }

  override value(value: string): Written {
    return this.record({value})
  }
}
