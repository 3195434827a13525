import {ownVariables} from '../../config/environment.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Context} from '../context.js'
import type {ATTACH_WORDS} from './flags.js'
import type {RunPlan} from './run.js'

const EVERY_MS = 10_000
const LINES = 5

/** What `runFlags` parse to, with `--room`. */
export interface RunFlags {
  readonly room?: string | undefined
  readonly title?: string | undefined
  readonly every?: number | undefined
  readonly lines?: number | undefined
  readonly 'attach-log'?: (typeof ATTACH_WORDS)[number] | undefined
  readonly mask?: readonly RegExp[] | undefined
}

/**
 * What is to be run, and how a room is told of it.
 * @throws {VezaError} `usage` without a command or a room.
 */
export function planOf(command: readonly string[], flags: RunFlags, context: Context): RunPlan {
  if (command.length === 0)
    throw new VezaError('usage', 'there is no command', {
      hint: 'it goes behind --, as in veza run -- make test',
    })
  const {rateLimit, room} = context.settings
  return {
    command,
    // Where it runs in a service, the command is what the service is for.
    variables: ownVariables(),
    room: context.roomReference(undefined, flags.room),
    roomName: flags.room ?? room ?? '',
    title: flags.title,
    // Not more often than messages may be sent, although an edit is none.
    everyMs: Math.max(flags.every ?? EVERY_MS, rateLimit === 0 ? 0 : 60_000 / rateLimit),
    lines: flags.lines ?? LINES,
    attachLog: flags['attach-log'] ?? 'failure',
    patterns: flags.mask ?? [],
  }
}
