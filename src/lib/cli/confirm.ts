import {VezaError} from '../errors/veza-error.js'
import type {Io} from '../output/io.js'
import {sanitizeLine} from '../output/sanitize.js'
import type {Context} from './context.js'
import {askText, mayAsk} from './prompt.js'

/**
 * Has what cannot be taken back confirmed: by `--yes`, or by a person at a terminal.
 * @param action what would be done, such as `remove the profile work`.
 * @throws {VezaError} `usage` where nobody can be asked, `failed` where the answer is no.
 */
export async function confirm(context: Context, io: Io, action: string, yes: boolean): Promise<void> {
  if (yes) return
  if (!mayAsk(io, context.noInput, context.environment))
    throw new VezaError('usage', `not confirmed: ${action}`, {hint: 'confirm it with --yes'})
  const answer = await askText(io, `Really ${sanitizeLine(action)}? (y/N)`, context.signal)
  if (!/^y(es)?$/i.test(answer.trim())) throw new VezaError('failed', `not confirmed: ${action}`)
}
