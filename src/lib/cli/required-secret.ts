import {VezaError} from '../errors/veza-error.js'
import type {Io} from '../output/io.js'
import {readSecret} from './secret-input.js'

/**
 * The secret on the first line of stdin.
 * @param what what is read, for the errors.
 * @throws {VezaError} `usage` where there is none or it is too long.
 */
export async function requiredSecret(io: Io, what: string, signal: AbortSignal): Promise<string> {
  const secret = await readSecret(io.stdin, what, signal)
  if (secret === undefined) throw new VezaError('usage', `${what} is missing on stdin`, {hint: 'pipe it in'})
  return secret
}
