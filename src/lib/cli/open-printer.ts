import type {Environment} from '../config/environment.js'
import type {Io} from '../output/io.js'
import {Printer} from '../output/printer.js'
import {colourLevel} from '../output/terminal.js'
import type {GlobalFlags} from './global-flags.js'

/** The printer that the flags and the environment ask for. */
export function openPrinter(io: Io, flags: GlobalFlags, environment: Environment): Printer {
  return new Printer({
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
  })
}
