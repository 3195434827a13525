import {custom} from '@oclif/core/flags'
import {parseDuration} from '../../config/values.js'
import {VezaError} from '../../errors/veza-error.js'
import {integerFlag, reader, textFlag, wordFlag} from '../flags.js'
import {parsePattern} from './mask/masker.js'

/** When the log of a command is attached. */
export const ATTACH_WORDS = ['failure', 'always', 'never'] as const

/** The flags of `veza run` that are its own. */
export const runFlags = {
  title: textFlag({summary: 'What the message calls it, in place of the command', helpValue: 'TEXT'}),
  every: custom<number>({
    summary: 'Bring the message up to date this often, 10s by default',
    helpValue: 'DURATION',
    parse: reader(parseEvery, '--every'),
  })(),
  lines: integerFlag(
    'lines',
    {summary: 'Last lines of output in the message, 5 by default, 0 for none'},
    0,
    50,
  ),
  'attach-log': wordFlag('attach-log', ATTACH_WORDS, {
    summary: 'Upload the output, masked, when the command has ended; failure by default',
  }),
  mask: custom<RegExp>({
    summary: 'Show *** for what this regular expression matches, can be given again',
    helpValue: 'REGEXP',
    multiple: true,
    multipleNonGreedy: true,
    parse: reader(parsePattern, '--mask'),
  })({multiple: true}),
}

function parseEvery(text: string, label: string): number {
  const everyMs = parseDuration(text, label)
  if (everyMs < 1000) throw new VezaError('usage', `${label} wants at least 1s`)
  return everyMs
}

/** The words of `veza run` and those of the command, which follow `--`. */
export function splitCommand(argv: readonly string[]): {readonly own: string[]; readonly command: string[]} {
  const at = argv.indexOf('--')
  const command = at === -1 ? [] : argv.slice(at + 1)
  return {own: argv.slice(0, at === -1 ? argv.length : at), command}
}
