import type {Environment} from '../config/environment.js'
import type {Io} from '../output/io.js'
import {Printer, type PrinterOptions} from '../output/printer.js'
import {colourLevel} from '../output/terminal.js'
import type {GlobalFlags} from './global-flags.js'
import {logRedactor} from './log-format.js'

/** The printer that the flags and the environment ask for, but for the flags that shape the output. */
export function openPrinter(io: Io, flags: GlobalFlags, environment: Environment): Printer {
  return new Printer(printerOptions(io, flags, environment))
}

/**
 * The same, with the flags that shape the output.
 * @param isJson by `--json` or by a setting.
 * @throws {VezaError} `usage` as `openRenderer`.
 */
export async function openShapedPrinter(
  io: Io,
  flags: GlobalFlags,
  isJson: boolean,
  environment: Environment,
  signal: AbortSignal,
): Promise<Printer> {
  const options = printerOptions(io, {...flags, json: isJson}, environment)
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

function printerOptions(io: Io, flags: GlobalFlags, environment: Environment): PrinterOptions {
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
    redactLog: logRedactor(flags['log-format']),
  }
}
