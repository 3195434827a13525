import type {Config, Interfaces} from '@oclif/core'
import {Command} from '@oclif/core/command'
import type {ContractCall} from '../../contract/calls.js'
import type {Api} from '../api/index.js'
import {processEnvironment} from '../config/environment.js'
import {EXIT} from '../errors/catalogue.js'
import type {VezaError} from '../errors/veza-error.js'
import {createIo, type Io} from '../output/io.js'
import type {Printer} from '../output/printer.js'
import {Context} from './context.js'
import {networkFlags, outputFlags} from './flags.js'
import type {GlobalFlags} from './global-flags.js'
import {ClosedPipe, Lifetime} from './lifetime.js'
import {logFormat, logFormatByWord, takeNodeWarnings} from './log-format.js'
import {openPrinter, openShapedPrinter, type PrinterPlace} from './open-printer.js'
import {shapeFlagsOf} from './output/flags.js'
import {presentError} from './present-error.js'
import {openReports} from './service/open-reports.js'

/** A class of a command, as the start-up makes one. */
export type VezaCommandClass = {id: string} & (new (argv: string[], config: Config) => VezaCommand)

/**
 * What every command is built on: the global flags, the printer, the way to the server, the abort signal (SIGINT,
 * SIGTERM, closed pipe, --timeout), the one catch and the exit code. A command overrides `run` and nothing else, but
 * a long-running one also `farewell`.
 */
export abstract class VezaCommand<Result = unknown> extends Command {
  // oclif's own --json ends with other exit codes than without it, and prints the argv with a bad flag.
  static override enableJsonFlag = false
  static override baseFlags: Interfaces.FlagInput = {...outputFlags, ...networkFlags}
  /** The rows of the contract that the command is there for; what it asks on the way to them is not listed. */
  static readonly calls: readonly ContractCall[] = []

  /** The only writer to stdout and stderr. Until the flags are parsed it knows of them what the raw words tell. */
  protected out: Printer
  protected readonly environment = processEnvironment()
  /** Whether settings come from files, too. Those commands do without that mend these files. */
  protected readonly usesFiles: boolean = true
  readonly #lifetime = new Lifetime(process)
  protected readonly io = openIo(this.#lifetime)
  readonly #cleanups: (() => Promise<void>)[] = []
  /** Every command that tells when it is ready is a service, where there is a service manager. */
  readonly #reports = openReports(this.environment, process.pid, text => this.out.warn(text))
  #context: Context | undefined

  constructor(argv: string[], config: Config) {
    super(argv, config)
    const log = logFormatByWord(argv, this.environment, this.#hasLogFlag)
    this.out = openPrinter(this.#place, {...outputByWord(argv), 'log-format': log})
    if (this.#reports !== undefined) this.signal.addEventListener('abort', () => this.#reports?.stopping())
  }

  abstract override run(): Promise<Result>

  /** Runs the command to its end. Resolves to the exit code, never rejects. */
  async execute(): Promise<number> {
    try {
      await this.run()
      await this.io.flush()
      return this.#end(undefined)
    } catch (thrown) {
      return this.#end(thrown)
    } finally {
      await Promise.allSettled([...this.#cleanups.map(action => action()), this.#context?.close()])
      // The grace after a signal holds for a reader that takes no more, too.
      await Promise.all([this.io.flush().catch(() => undefined), this.#reports?.close()])
      this.#lifetime.end()
    }
  }

  /** Has something closed when the command ends, however it ends. */
  protected cleanup(action: () => Promise<void>): void {
    this.#cleanups.push(action)
  }

  /** Signals and a closed stdout are the command's own matter from now on, and `signal` is aborted by --timeout alone. */
  protected standAside(): void {
    this.#lifetime.standAside()
  }

  /** Settings, session and API of this run. */
  protected get context(): Context {
    if (this.#context === undefined) throw new Error('a command must parse its flags first')
    return this.#context
  }

  protected get api(): Api {
    return this.context.api
  }

  /** Aborted when the command must end; its reason says why. */
  protected get signal(): AbortSignal {
    return this.#lifetime.signal
  }

  /** The last line of a long-running command: why it ended, how much it did, how to go on. */
  protected farewell(_reason: string): string | undefined {
    return undefined
  }

  protected override async parse<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    B extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(options?: Interfaces.Input<F, B, A>, argv = this.argv): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv)
    await this.#ready(parsed.flags as GlobalFlags)
    return parsed
  }

  async #ready(parsed: GlobalFlags): Promise<void> {
    const {environment, signal} = this
    const log = logFormat(parsed['log-format'], environment, this.#hasLogFlag)
    const {format, columns, sort, template, jq, ...others} = parsed
    const shape = {format, columns, sort, template, jq}
    const flags: GlobalFlags = {
      ...others,
      ...shapeFlagsOf(shape, this.ctor.flags ?? {}),
      'log-format': log,
    }
    if (log === 'json') takeNodeWarnings(process, text => this.out.warn(text))
    this.#context = await Context.open({
      flags,
      environment,
      version: this.config.version,
      openPrinter: format => openShapedPrinter(this.#place, flags, format === 'json', signal),
      usesFiles: this.usesFiles,
      signal,
    })
    this.out = this.#context.out
    const {timeoutMs} = this.#context.settings
    if (timeoutMs !== undefined) this.#lifetime.limit(timeoutMs)
  }

  get #place(): PrinterPlace {
    const {io, environment} = this
    const reports = this.#reports
    return {io, environment, onTold: reports && ((event, text) => reports.told(event, text))}
  }

  get #hasLogFlag(): boolean {
    // oclif leaves the flags of a command that has none undefined, whatever its types say.
    return 'log-format' in (this.ctor.flags ?? {})
  }

  #end(thrown: unknown): number {
    const {reason: aborted} = this.signal
    if (aborted instanceof ClosedPipe || thrown instanceof ClosedPipe) return EXIT.done
    if (thrown === undefined && aborted === undefined) return this.#bid('done', EXIT.done)
    return this.failed(presentError(thrown, aborted, this.#flagNames()))
  }

  #flagNames(): string[] {
    const {baseFlags, flags} = this.ctor
    return Object.keys({...baseFlags, ...flags})
  }

  /** Tells of the error that the command ends with, and gives the exit code. */
  protected failed(error: VezaError): number {
    const last = this.farewell(error.message)
    // A tail that is ended by Ctrl-C has not failed: to a person its last line says it all.
    if (last === undefined || !isOrderedEnd(error) || !this.out.speaks) this.out.error(error)
    if (last !== undefined) this.#tellEnd(last, error.code, error.exitCode)
    return error.exitCode
  }

  #bid(reason: string, exitCode: number): number {
    const last = this.farewell(reason)
    if (last !== undefined) this.#tellEnd(last, reason, exitCode)
    return exitCode
  }

  #tellEnd(last: string, reason: string, exitCode: number): void {
    this.out.notice(last, {event: 'ended', reason, exit_code: exitCode})
  }
}

function openIo(lifetime: Lifetime): Io {
  // oclif throws the errors of stdout where nothing can catch them; createIo listens itself.
  process.stdout.removeAllListeners('error')
  const {stdin, stdout, stderr} = process
  return createIo({
    stdin,
    stdout,
    stderr,
    signal: lifetime.signal,
    onClosedPipe: () => lifetime.pipeClosed(),
    onError: error => lifetime.fail(error),
  })
}

/** Somebody wanted the end: that is no failure to be told of. */
function isOrderedEnd({code}: VezaError): boolean {
  return code === 'interrupted' || code === 'terminated' || code === 'timeout'
}

/** Which of some switches stand before `--`: they shape an error in the command line itself, which cannot be parsed then. */
export function switchesByWord<Name extends string>(
  argv: readonly string[],
  names: readonly Name[],
): Readonly<Partial<Record<Name, boolean>>> {
  const words = wordsBeforeEnd(argv)
  const switches: Partial<Record<Name, boolean>> = {}
  for (const name of names) switches[name] = words.has(`--${name}`)
  return switches
}

/** What the raw words tell of the output: an error in the command line itself cannot be parsed. */
function outputByWord(argv: readonly string[]): GlobalFlags {
  return {...switchesByWord(argv, ['debug', 'no-color']), json: asksForJson(argv)}
}

/** `--json`, or `--format` with one of its JSONs behind it. */
function asksForJson(argv: readonly string[]): boolean {
  const words = wordsBeforeEnd(argv)
  if (words.has('--json') || words.has('--format=json') || words.has('--format=ndjson')) return true
  return words.has('--format') && (words.has('json') || words.has('ndjson'))
}

function wordsBeforeEnd(argv: readonly string[]): ReadonlySet<string> {
  const end = argv.indexOf('--')
  return new Set(end === -1 ? argv : argv.slice(0, end))
}
