import type {VezaError} from '../errors/veza-error.js'
import {separatedLine} from './formats/cell.js'
import {renderDetails} from './formats/details.js'
import {errorJson, errorStack, errorText} from './formats/error.js'
import {jsonDocument, jsonRecord} from './formats/json.js'
import {renderTable} from './formats/table.js'
import type {Io} from './io.js'
import {createProgress, type Progress} from './progress.js'
import {sanitizeLine, sanitizeText} from './sanitize.js'
import {createStyle, plainStyle, type Style} from './style.js'
import {type ColourLevel, terminalWidth} from './terminal.js'
import type {View, ViewContext} from './views/view.js'

/** How a command's output is to look. */
export interface PrinterOptions {
  readonly io: Io
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly debug: boolean
  /** Colour of stdout, from `colourLevel`. What goes to stderr has none. */
  readonly colour: ColourLevel
  readonly now: () => Date
}

/** What is known about the rest of a list. */
export interface ListInfo {
  /** The flags that show the next page, such as `--offset 50`. Leave out on the last page. */
  readonly more?: string | undefined
  /** What to say on stderr where there is nothing, such as `no rooms`. */
  readonly empty?: string | undefined
}

/**
 * Shows data on stdout and tells of anything else on stderr, as the conventions have it. Text of others is sanitised
 * here and in the views, never by commands. Await what returns a promise before the next call.
 */
export class Printer {
  readonly #options: PrinterOptions
  readonly #io: Io
  readonly #isTTY: boolean
  #style: Style | undefined

  constructor(options: PrinterOptions) {
    this.#options = options
    this.#io = options.io
    this.#isTTY = options.io.stdout.isTTY === true
    this.#style = options.colour === 0 ? plainStyle : undefined
  }

  /** One record: its details, or one JSON document. */
  one<T>(record: T, view: View<T>): Promise<void> | undefined {
    if (this.#isJson(view)) return this.#document(record)
    return this.#styled(style => {
      const fields = view.fields ?? view.columns
      return this.#io.write(renderDetails(fields, record, this.#context(style)))
    })
  }

  /** One JSON document with `--json`, nothing without it: for what a person is told on stderr. */
  data(record: unknown): Promise<void> | undefined {
    return this.#options.json ? this.#document(record) : undefined
  }

  /** Records as a table, or as one JSON array. What lies beyond this page is told on stderr. */
  async list<T>(records: readonly T[], view: View<T>, info: ListInfo = {}): Promise<void> {
    if (this.#isJson(view)) await this.#document(records)
    else {
      await this.#styled(async style => {
        await this.#io.write(await renderTable(view.columns, records, this.#context(style)))
      })
    }
    if (records.length === 0 && info.empty !== undefined) this.notice(info.empty)
    if (info.more !== undefined) this.notice(`more: use ${info.more}`)
  }

  /**
   * Records as their pages come: a table once all are there at a terminal, else each at once, so that no list is too
   * long. With `--json` still one JSON array.
   */
  async listAll<T>(records: AsyncIterable<T>, view: View<T>, info: ListInfo = {}): Promise<void> {
    if (this.#isTTY) return this.list(await collect(records), view, info)
    const json = this.#isJson(view)
    let count = 0
    for await (const record of records) {
      await (json
        ? this.#io.write(`${count === 0 ? '[' : ','}${JSON.stringify(record)}`)
        : this.#row(record, view))
      count += 1
    }
    if (json) await this.#io.write(count === 0 ? '[]\n' : ']\n')
    if (count === 0 && info.empty !== undefined) this.notice(info.empty)
  }

  /** One record of a stream: a line, or an NDJSON record. A promise where the reader is slower: await it. */
  record<T>(record: T, view: View<T>): Promise<void> | undefined {
    if (this.#isJson(view)) return this.#io.write(jsonRecord(record, this.#isTTY))
    return this.#styled(style => {
      const context = this.#context(style)
      const line = view.line
        ? `${view.line(record, context)}\n`
        : separatedLine(view.columns, record, context)
      return this.#io.write(line)
    })
  }

  /** A bare value such as a token, with exactly one newline; a JSON string with `--json`. Exact but at a terminal. */
  value(text: string): Promise<void> | undefined {
    if (this.#options.json) return this.#document(text)
    const bare = text.replace(/\n+$/, '')
    return this.#io.write(`${this.#isTTY ? sanitizeText(bare) : bare}\n`)
  }

  /** Whether notices reach a person: not with `--quiet`, and not where a program reads errors as JSON. */
  get speaks(): boolean {
    return !this.#options.quiet && !this.#options.json
  }

  /** What a person may want to know. Not with `--quiet`. */
  notice(text: string): void {
    if (!this.#options.quiet) this.#tell(text)
  }

  /** What a person should know, `--quiet` or not: `warning: ...`. */
  warn(text: string): void {
    this.#tell(`warning: ${text}`)
  }

  /** What is being done, with `--verbose` or `--debug`. */
  verbose(text: string): void {
    if (this.#options.verbose || this.#options.debug) this.#tell(text)
  }

  /** What a developer wants to know, with `--debug`: `debug: ...`. Never a secret. */
  debug(text: string): void {
    if (this.#options.debug) this.#tell(`debug: ${text}`)
  }

  /** A long-running command is live: `ready: ...`. Scripts wait for it, so `--quiet` leaves it. */
  ready(text: string): void {
    this.#tell(`ready: ${text}`)
  }

  /** Why a command failed, as the section Errors of the conventions has it; where, with `--debug`. */
  error(error: VezaError): void {
    const isTTY = this.#io.stderr.isTTY === true
    this.#io.writeError(this.#options.json ? errorJson(error, isTTY) : errorText(error))
    if (this.#options.debug) this.#io.writeError(`${errorStack(error)}\n`)
  }

  /** A progress bar on stderr, at a terminal and without `--quiet`. `totalBytes` where the size is known. */
  progress(label: string, totalBytes?: number): Promise<Progress> {
    return createProgress({label, totalBytes, stream: this.#io.stderr, quiet: this.#options.quiet})
  }

  #isJson<T>(view: View<T>): boolean {
    return this.#options.json || view.isJson === true
  }

  #row<T>(record: T, view: View<T>): Promise<void> | undefined {
    return this.#styled(style => this.#io.write(separatedLine(view.columns, record, this.#context(style))))
  }

  /** One line on stderr, text also with `--json`. */
  #tell(text: string): void {
    this.#io.writeError(`${sanitizeLine(text)}\n`)
  }

  #document(value: unknown): Promise<void> | undefined {
    return this.#io.write(jsonDocument(value, this.#isTTY))
  }

  /** Synchronous but for the first use of colour, so that a stream of records costs no promise each. */
  #styled(use: (style: Style) => Promise<void> | undefined): Promise<void> | undefined {
    if (this.#style) return use(this.#style)
    return createStyle(this.#options.colour).then(style => {
      this.#style ??= style
      return use(this.#style)
    })
  }

  #context(style: Style): ViewContext {
    return {
      isTTY: this.#isTTY,
      width: terminalWidth(this.#io.stdout.columns),
      now: this.#options.now(),
      style,
    }
  }
}

async function collect<T>(records: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const record of records) all.push(record)
  return all
}
