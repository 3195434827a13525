import {VezaError} from '../errors/veza-error.js'

/**
 * Of the values of an update at least one must be given.
 * @param values by the names of their flags.
 * @throws {VezaError} `usage` where none is.
 */
export function requireChange(values: Readonly<Record<string, unknown>>): void {
  if (Object.values(values).some(value => value !== undefined)) return
  const flags = Object.keys(values).map(name => `--${name}`)
  throw new VezaError('usage', 'nothing to change', {hint: `give ${flags.join(' or ')}`})
}
