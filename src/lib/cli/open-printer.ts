import type {Environment} from '../config/environment.js'
import type {Io} from '../output/io.js'
import {Printer, type PrinterOptions} from '../output/printer.js'
import {colourLevel} from '../output/terminal.js'
import type {GlobalFlags} from './global-flags.js'
import {logRedactor} from './log-format.js'

/** What a printer is about, beside the flags. */
export interface PrinterPlace {
  readonly io: Io
  readonly environment: Environment
  /** As in `PrinterOptions`. */
  readonly onTold?: PrinterOptions['onTold']
}

/** The printer that the flags and the environment ask for, but for the flags that shape the output. */
export function openPrinter(place: PrinterPlace, flags: GlobalFlags): Printer {
  return new Printer(printerOptions(place, flags))
}

/**
 * The same, with the flags that shape the output.
 * @param isJson by `--json` or by a setting.
 * @throws {VezaError} `usage` as `openRenderer`.
 */
export async function openShapedPrinter(
  place: PrinterPlace,
  flags: GlobalFlags,
  isJson: boolean,
  signal: AbortSignal,
): Promise<Printer> {
  const options = printerOptions(place, {...flags, json: isJson})
  const {format, columns, sort, template, jq} = flags
  if ([format, columns, sort, template, jq].every(flag => flag === undefined)) return new Printer(options)
  const {openRenderer} = await import('./output/open-renderer.js')
  const plain = new Printer(options)
  const renderer = await openRenderer(flags, isJson, {
    ...options,
    signal,
    warn: text => plain.warn(text),
    notice: text => plain.notice(text),
  })
  return new Printer({...options, renderer})
}

function printerOptions({io, environment, onTold}: PrinterPlace, flags: GlobalFlags): PrinterOptions {
  return {
    io,
    json: flags.json === true,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    debug: flags.debug === true,
    colour: colourLevel({
      isTTY: io.stdout.isTTY === true,
      noColorFlag: flags['no-color'],
      NO_COLOR: environment.get('NO_COLOR'),
      FORCE_COLOR: environment.get('FORCE_COLOR'),
      TERM: environment.get('TERM'),
    }),
    now: () => new Date(),
    redactLog: logRedactor(flags['log-format'], environment),
    onTold,
  }
}
