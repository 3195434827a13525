import {CATALOGUE, EXIT_MEANINGS} from '../errors/catalogue.js'
import {VezaError} from '../errors/veza-error.js'
import type {ErrorEntry} from '../output/views/error-entry.js'
import {nearest} from './nearest.js'

/** Every error, in the order of exit codes. */
export function errorEntries(): readonly ErrorEntry[] {
  const codes = Object.keys(CATALOGUE) as (keyof typeof CATALOGUE)[]
  return codes.map(code => {
    const {exit, retryable, summary} = CATALOGUE[code]
    return {code, exit_code: exit, retryable, summary}
  })
}

/**
 * The errors of a code or of an exit code.
 * @throws {VezaError} `not_found` where there are none, with the nearest code.
 */
export function errorEntriesOf(text: string): readonly ErrorEntry[] {
  const entries = errorEntries()
  const found = entries.filter(({code, exit_code: exit}) => code === text || String(exit) === text)
  if (found.length > 0) return found
  const near = nearest(text.toLowerCase(), [...entries.map(({code}) => code), ...Object.keys(EXIT_MEANINGS)])
  const hint = near === undefined ? 'see veza errors' : `did you mean ${near}?`
  throw new VezaError('not_found', 'there is no such error code', {hint})
}
