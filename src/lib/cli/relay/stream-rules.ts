import {VezaError} from '../../errors/veza-error.js'
import {readTemplate} from '../../output/template.js'
import type {EntryRules} from '../../relay/outgoing.js'
import {parseRoomReference} from '../args.js'
import type {Context} from '../context.js'
import {readUtf8File} from '../message-body.js'
import type {RelayStreamRequest} from './stream-flags.js'

const GROUP = 'veza'

/** What the flags say of each stream. */
export interface StreamNames {
  readonly stream: string
  readonly group: string
  readonly deadLetters: string
}

/** @throws {VezaError} `usage` for a name that is blank or there twice, and for dead letters among what is read. */
export function streamNames(
  streams: readonly string[],
  {group = GROUP, 'dead-letters': deadLetters}: RelayStreamRequest,
): readonly StreamNames[] {
  if ([...streams, group, deadLetters ?? 'x'].some(name => name.trim() === ''))
    throw new VezaError('usage', 'the name of a stream or group is empty', {hint: 'is the variable set?'})
  if (new Set(streams).size < streams.length) throw new VezaError('usage', 'a stream is given twice')
  const names = streams.map(stream => ({stream, group, deadLetters: deadLetters ?? `${stream}:dead`}))
  const own = names.find(name => streams.includes(name.deadLetters))
  if (own !== undefined)
    throw new VezaError(
      'usage',
      `the dead letters of ${own.stream} would be read again from ${own.deadLetters}`,
      {
        hint: 'name another stream with --dead-letters',
      },
    )
  return names
}

/**
 * Where entries go and what is said of them.
 * @throws {VezaError} `usage` for a mistake in the template; `not_found` for a room that there is not; as `readUtf8File`.
 */
export async function entryRules(
  context: Context,
  {room, template}: RelayStreamRequest,
): Promise<EntryRules> {
  const textOf = template === undefined ? undefined : await fillerOf(template, context.signal)
  const roomId = room === undefined ? undefined : await context.roomId(parseRoomReference(room, '--room'))
  return {roomId, textOf}
}

async function fillerOf(template: string, signal: AbortSignal): Promise<EntryRules['textOf']> {
  const isFile = template.startsWith('@')
  const text = isFile ? await readUtf8File(template.slice(1), signal) : template
  const options = {source: '--template', clean: String, escapes: !isFile}
  return (await readTemplate(text, options)).fill
}
