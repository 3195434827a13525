import type {Environment} from '../config/environment.js'
import {inheritedVariables, secretsInFiles} from '../config/environment.js'
import {VezaError} from '../errors/veza-error.js'
import {wordFlag} from './flags.js'
import {Masker} from './run/mask/masker.js'

const FORMATS = ['text', 'json'] as const
const VARIABLE = 'VEZA_LOG_FORMAT'

/** Secrets that have no shape but a name, in an address, a form, JSON or a header; not in prose, where a colon says no more. */
const NAMED_SECRETS = [
  /(?:token|passw(?:or)?d|passphrase|secret|api[_-]?key)(?:=|['"]:\s?['"])(?<secret>[^\s'"&;,]{4,})/i,
  /Authorization['"]?[:=]\s?['"]?(?!Bearer\s|Basic\s|Token\s)(?<secret>[^\s'"]{4,})/i,
]

/** How what is told on stderr is written. */
export type LogFormat = (typeof FORMATS)[number]

/** `--log-format`, for commands that run for long. */
export const logFlags = {
  'log-format': wordFlag('log-format', FORMATS, {
    helpGroup: 'MONITORING',
    summary:
      'What is told on stderr: text, or json for a line {time, level, event, message, ...} each [env: VEZA_LOG_FORMAT]',
  }),
}

/**
 * The flag, else the variable, for commands that have the flag.
 * @throws {VezaError} `usage` for a variable that is neither.
 */
export function logFormat(
  given: LogFormat | undefined,
  environment: Environment,
  hasFlag: boolean,
): LogFormat | undefined {
  if (given !== undefined || !hasFlag) return given
  const text = environment.get(VARIABLE)
  const format = FORMATS.find(word => word === text)
  if (text !== undefined && format === undefined)
    throw new VezaError('usage', `${VARIABLE} wants one of: ${FORMATS.join(', ')}`)
  return format
}

/** As `logFormat`, from the raw words, for what is told before they could be parsed; never throws. */
export function logFormatByWord(
  argv: readonly string[],
  environment: Environment,
  hasFlag: boolean,
): LogFormat | undefined {
  if (!hasFlag) return undefined
  const end = argv.indexOf('--')
  // What follows is a command of its own.
  const words = end === -1 ? argv : argv.slice(0, end)
  const asks = (format: LogFormat): boolean =>
    words.some(
      (word, index) =>
        word === `--log-format=${format}` || (word === '--log-format' && words[index + 1] === format),
    )
  if (asks('json')) return 'json'
  return asks('text') || environment.get(VARIABLE) !== 'json' ? undefined : 'json'
}

/**
 * Leaves out of log lines what looks like a secret, and the values of variables that are named so, or of the files that
 * they name; made when first used.
 */
export function logRedactor(
  format: LogFormat | undefined,
  environment: Environment,
): ((text: string) => string) | undefined {
  if (format !== 'json') return undefined
  let masker: Masker | undefined
  return text => {
    masker ??= new Masker({
      variables: {...inheritedVariables(), ...secretsInFiles(environment)},
      patterns: NAMED_SECRETS,
    })
    return masker.mask(text)
  }
}

/** Of `process`, what Node's own warnings come from. */
export interface WarningSource {
  removeAllListeners(event: 'warning'): unknown
  on(event: 'warning', listener: (warning: Error) => void): unknown
}

/** Has Node's own warnings told as others are: Node would write them to stderr as text. */
export function takeNodeWarnings(source: WarningSource, tell: (text: string) => void): void {
  source.removeAllListeners('warning')
  source.on('warning', ({name, message}) => tell(`${name}: ${message}`))
}
