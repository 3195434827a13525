import {custom} from '@oclif/core/flags'
import type {InferredFlags} from '@oclif/core/interfaces'
import {type Cap, parseCap} from '../../bot/caps.js'
import {LANGUAGES} from '../../bot/phrases.js'
import {VezaError} from '../../errors/veza-error.js'
import {cursorFlags} from '../cursor-flags.js'
import {durationFlag, rateFlags, reader, switchFlag, textFlag, wordFlag} from '../flags.js'
import {logFlags} from '../log-format.js'
import {metricsFlags} from '../metrics/flags.js'

const LONGEST_PREFIX = 20

/** The flags of `bot run`. */
export const botFlags = {
  prefix: custom<string>({
    summary: 'What commands begin with, !bot by default',
    helpValue: 'TEXT',
    parse: reader(parsePrefix, '--prefix'),
  })(),
  room: custom<string>({
    char: 'r',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A room to answer in: id, name or #name; may be repeated; all joined rooms by default',
    helpValue: 'ROOM',
  })({multiple: true}),
  'no-dm': switchFlag({summary: 'No answers to direct messages'}),
  commands: textFlag({
    summary: 'Commands of your own, in a YAML file; SIGHUP reads it again',
    helpValue: 'FILE',
  }),
  language: wordFlag('language', LANGUAGES, {summary: 'What the bot speaks by itself, en by default'}),
  'dm-cap': custom<Cap>({
    summary:
      'At most so many answers to direct messages of one user, and to replies to the bot, 10/10m by default',
    helpValue: 'N/DURATION',
    parse: reader(parseCap, '--dm-cap'),
  })(),
  'max-age': durationFlag('max-age', {
    summary: 'Leave commands unanswered that are older than this at the start, 1h by default',
  }),
  redis: switchFlag({
    summary:
      'Share the work with the other bots of this account and prefix, over the Redis of VEZA_REDIS_URL',
  }),
  ...cursorFlags,
  ...rateFlags,
  ...metricsFlags,
  ...logFlags,
}

/** What they parse to. */
export type BotRequest = Partial<InferredFlags<typeof botFlags>>

function parsePrefix(text: string, label: string): string {
  const prefix = text.trim()
  if (prefix === '' || prefix.length > LONGEST_PREFIX || /\s/.test(prefix))
    throw new VezaError('usage', `${label} wants 1 to ${LONGEST_PREFIX} characters without a space`)
  return prefix
}
