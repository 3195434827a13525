import type {VezaError} from '../errors/veza-error.js'
import {errorJson, errorStack, errorText} from './formats/error.js'
import {type LogFields, type LogLevel, type LogLine, logError, logLine} from './formats/log.js'
import type {Io} from './io.js'
import {createProgress, type Progress} from './progress.js'
import {JsonRenderer} from './renderers/json.js'
import type {OutputFormat, Renderer} from './renderers/renderer.js'
import {TextRenderer} from './renderers/text.js'
import {sanitizeLine} from './sanitize.js'
import {createStatusLine, type StatusLine} from './status-line.js'
import type {ColourLevel} from './terminal.js'
import type {View} from './views/view.js'

/** How a command's output is to look. */
export interface PrinterOptions {
  readonly io: Io
  /** Whether errors are JSON; data, too, where there is no `renderer`. */
  readonly json: boolean
  /** How data is printed, where it is neither plain JSON nor plain text. */
  readonly renderer?: Renderer | undefined
  readonly quiet: boolean
  readonly verbose: boolean
  readonly debug: boolean
  /** Colour of stdout, from `colourLevel`. What goes to stderr has none. */
  readonly colour: ColourLevel
  readonly now: () => Date
  /** With it stderr gets log lines of JSON, their texts passed through this: it leaves secrets out. */
  readonly redactLog?: ((text: string) => string) | undefined
  /** Told of each notice and warning and of `ready`, by its event and its text, `quiet` or not. */
  readonly onTold?: ((event: string, text: string) => void) | undefined
}

/** What is known about the rest of a list. */
export interface ListInfo {
  /** The flags that show the next page, such as `--offset 50`. Leave out on the last page. */
  readonly more?: string | undefined
  /** What to say on stderr where there is nothing, such as `no rooms`. */
  readonly empty?: string | undefined
}

/** The view of what has none: its fields are its columns. */
const FIELDS_ALONE: View<unknown> = {columns: []}

/**
 * Shows data on stdout and tells of anything else on stderr, as the conventions have it. Text of others is sanitised
 * here and in the views, never by commands. Await what returns a promise before the next call.
 */
export class Printer {
  readonly #options: PrinterOptions
  readonly #io: Io
  readonly #renderer: Renderer

  constructor(options: PrinterOptions) {
    this.#options = options
    this.#io = options.io
    this.#renderer =
      options.renderer ?? (options.json ? new JsonRenderer(options.io) : new TextRenderer(options))
  }

  /** How data is printed. */
  get format(): OutputFormat {
    return this.#renderer.format
  }

  /** Whether data is text: what no program reads but as lines. */
  get isHuman(): boolean {
    return this.format === 'text' || this.format === 'table'
  }

  /** Whether data is shown to a person: at a terminal, and no other format was asked for. */
  get isForPerson(): boolean {
    return this.format === 'text' && this.#io.stdout.isTTY === true
  }

  /**
   * Whether records of this view have what `--columns`, `--sort` and a template ask for. For commands that change or
   * follow something, so that a mistake is found before; any other finds it with its first records.
   * @throws {VezaError} `usage` for a name that they do not have.
   */
  check(view: View<never>): void {
    this.#renderer.check?.(view)
  }

  /** One record: its details, or one JSON document. */
  one<T>(record: T, view: View<T>): Promise<void> | undefined {
    return this.#rendererOf(view).one(record, view)
  }

  /** One JSON document with `--json`, nothing as text: for what a person is told on stderr. */
  data(record: unknown): Promise<void> | undefined {
    return this.isHuman ? undefined : this.#renderer.one(record, FIELDS_ALONE)
  }

  /** Records as a table, or as one JSON array. What lies beyond this page is told on stderr. */
  async list<T>(records: readonly T[], view: View<T>, info: ListInfo = {}): Promise<void> {
    await this.#rendererOf(view).list(records, view)
    this.#tellOfList(records.length, info)
  }

  /**
   * Records as their pages come: a table once all are there at a terminal, else each at once, so that no list is too
   * long. With `--json` still one JSON array.
   */
  async listAll<T>(records: AsyncIterable<T>, view: View<T>, info: ListInfo = {}): Promise<void> {
    this.#tellOfList(await this.#rendererOf(view).rows(records, view), info)
  }

  /** One record of a stream: a line, or an NDJSON record. A promise where the reader is slower: await it. */
  record<T>(record: T, view: View<T>): Promise<void> | undefined {
    return this.#rendererOf(view).record(record, view)
  }

  /** A bare value such as a token, with exactly one newline; a JSON string with `--json`. Exact but at a terminal. */
  value(text: string): Promise<void> | undefined {
    return this.#renderer.value(text)
  }

  /** Whether notices reach a person: not with `--quiet`, and not where a program reads errors as JSON. */
  get speaks(): boolean {
    return !this.#options.quiet && !this.#options.json
  }

  /** What a person may want to know. Not with `--quiet`. */
  notice(text: string, fields?: LogFields): void {
    this.#options.onTold?.(fields?.event ?? 'notice', text)
    if (!this.#options.quiet) this.#tell('info', text, {event: 'notice', ...fields})
  }

  /** What a person should know, `--quiet` or not: `warning: ...`. */
  warn(text: string, fields?: LogFields): void {
    this.#options.onTold?.(fields?.event ?? 'warning', text)
    this.#tell('warn', text, {event: 'warning', ...fields}, 'warning: ')
  }

  /** What is being done, with `--verbose` or `--debug`. */
  verbose(text: string): void {
    if (this.#options.verbose || this.#options.debug) this.#tell('info', text, {event: 'verbose'})
  }

  /** What a developer wants to know, with `--debug`: `debug: ...`. Never a secret. */
  debug(text: string): void {
    if (this.#options.debug) this.#tell('debug', text, {event: 'debug'}, 'debug: ')
  }

  /** A long-running command is live: `ready: ...`. Scripts wait for it, so `--quiet` leaves it. */
  ready(text: string, fields?: LogFields): void {
    this.#tell('info', text, {event: 'ready', ...fields}, 'ready: ')
    this.#options.onTold?.('ready', text)
  }

  /** Why a command failed, as the section Errors of the conventions has it; where, with `--debug`. */
  error(error: VezaError): void {
    const isTTY = this.#io.stderr.isTTY === true
    const {debug, redactLog} = this.#options
    if (redactLog !== undefined) this.#log(redactLog, logError(error, debug))
    else this.#io.writeError(this.#options.json ? errorJson(error, isTTY) : errorText(error))
    if (debug && redactLog === undefined) this.#io.writeError(`${errorStack(error)}\n`)
  }

  /** A progress bar on stderr, at a terminal and without `--quiet`. `totalBytes` where the size is known. */
  progress(label: string, totalBytes?: number): Promise<Progress> {
    return createProgress({label, totalBytes, stream: this.#io.stderr, quiet: this.#options.quiet})
  }

  /** What is being done, as one line on stderr that changes, at a terminal and without `--quiet`. */
  status(): StatusLine {
    const {quiet, now} = this.#options
    const {stderr} = this.#io
    const write = (text: string): void => this.#io.writeError(text)
    return createStatusLine({stream: stderr, quiet, now: () => now().getTime(), write})
  }

  /** Without columns there is no text to show. */
  #rendererOf<T>(view: View<T>): Renderer {
    return view.isJson === true && this.isHuman ? new JsonRenderer(this.#io) : this.#renderer
  }

  #tellOfList(count: number, {empty, more}: ListInfo): void {
    if (count === 0 && empty !== undefined) this.notice(empty)
    if (more !== undefined) this.notice(`more: use ${more}`)
  }

  /** One line on stderr, text also with `--json`; the prefix says there what the fields say in a log. */
  #tell(level: LogLevel, message: string, fields: LogFields & {event: string}, prefix = ''): void {
    const {redactLog} = this.#options
    if (redactLog === undefined) this.#io.writeError(`${sanitizeLine(prefix + message)}\n`)
    else this.#log(redactLog, {...fields, level, message})
  }

  #log(redact: (text: string) => string, line: LogLine): void {
    this.#io.writeError(logLine(line, this.#options.now(), {redact, isTTY: this.#io.stderr.isTTY === true}))
  }
}
