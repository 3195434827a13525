import {VezaError} from '../errors/veza-error.js'
import type {Io} from '../output/io.js'
import type {Context} from './context.js'
import {askHidden, mayAsk} from './prompt.js'
import {readSecret} from './secret-input.js'

/**
 * The secret on the first line of stdin; at a terminal it is asked for, hidden.
 * @param what what is read, for the question and the errors.
 * @throws {VezaError} `usage` where there is none or it is too long.
 */
export async function requiredSecret(context: Context, io: Io, what: string): Promise<string> {
  const {environment, noInput, signal} = context
  const secret = mayAsk(io, noInput, environment)
    ? await askHidden(io, `${what.charAt(0).toUpperCase()}${what.slice(1)}`, signal)
    : await readSecret(io.stdin, `the ${what}`, signal)
  if (secret === undefined || secret === '') {
    throw new VezaError('usage', `the ${what} is missing on stdin`, {hint: 'pipe it in'})
  }
  return secret
}
