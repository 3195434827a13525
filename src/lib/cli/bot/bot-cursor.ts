import {createHash} from 'node:crypto'
import type {VezaError} from '../../errors/veza-error.js'
import type {Context} from '../context.js'
import {type OpenCursor, openCursor} from '../cursor-flags.js'
import type {BotRequest} from './bot-flags.js'

/**
 * Where a bot remembers which messages it owes nothing any more: what the flags name, else a file of its own for each
 * server, account and prefix.
 * @throws {VezaError} as `openCursor`: `conflict` where this bot runs already.
 */
export async function openBotCursor(
  context: Context,
  {cursor, resume, prefix}: BotRequest & {readonly prefix: string},
  bot: {readonly botId: number; readonly onFailure: (error: VezaError) => void},
): Promise<OpenCursor> {
  const named = cursor === undefined && resume === undefined ? ownName(context, bot.botId, prefix) : resume
  const opened = await openCursor(context, {cursor, resume: named}, bot.onFailure)
  if (opened === undefined) throw new Error('a cursor was named and none is open')
  return opened
}

function ownName({settings}: Context, botId: number, prefix: string): string {
  const hash = createHash('sha256').update(`${settings.server}\n${prefix}`).digest('hex').slice(0, 12)
  return `bot-${botId}-${hash}`
}
