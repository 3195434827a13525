import {VezaError} from '../../errors/veza-error.js'
import {integerFlag, switchFlag, textFlag} from '../flags.js'

/** The flags that make a batch of what is sent. */
export const batchFlags = {
  lines: switchFlag({summary: 'Send each line of --file or stdin as a message', helpGroup: 'BATCH'}),
  ndjson: switchFlag({
    summary: 'As --lines; each line is an object with content, reply_to, metadata, key',
    helpGroup: 'BATCH',
  }),
  journal: textFlag({
    summary: 'Note in this file what has arrived; a second run sends only what is missing',
    helpValue: 'FILE',
    helpGroup: 'BATCH',
  }),
  'keep-going': switchFlag({
    summary: 'Leave out messages that the server refuses and lines that are none',
    helpGroup: 'BATCH',
  }),
  split: integerFlag(
    'split',
    {summary: 'Send a longer line in parts of at most so many characters', helpGroup: 'BATCH'},
    1,
  ),
}

/** What the flags say of a batch. */
export interface BatchWishes {
  readonly kind: 'lines' | 'ndjson'
  readonly journal: string | undefined
  readonly keepsGoing: boolean
  readonly splitAt: number | undefined
}

/** Flags as oclif has parsed them. */
type Flags = Readonly<Record<string, unknown>> & {
  readonly lines?: boolean
  readonly ndjson?: boolean
  readonly journal?: string | undefined
  readonly 'keep-going'?: boolean
  readonly split?: number | undefined
}

/** Flags for one message, which mean nothing for many. */
const OF_ONE_MESSAGE = ['message', 'idempotency-key', 'once', 'upsert', 'queue', 'queue-on-failure']
const OF_A_BATCH = ['journal', 'keep-going', 'split']

/**
 * The batch that the flags ask for, undefined where they ask for a single message.
 * @throws {VezaError} `usage` for flags that do not go together.
 */
export function batchWishes(flags: Flags): BatchWishes | undefined {
  const {lines = false, ndjson = false, journal, split: splitAt} = flags
  if (!lines && !ndjson) {
    const stray = OF_A_BATCH.find(name => isGiven(flags[name]))
    if (stray !== undefined) throw new VezaError('usage', `--${stray} goes with --lines or --ndjson`)
    return undefined
  }
  if (lines && ndjson) throw new VezaError('usage', '--lines and --ndjson exclude each other')
  const kind = lines ? 'lines' : 'ndjson'
  const stray = OF_ONE_MESSAGE.find(name => isGiven(flags[name]))
  if (stray !== undefined)
    throw new VezaError('usage', `--${stray} does not go with --${kind}`, {
      hint: stray === 'idempotency-key' ? 'give each record a key: --ndjson' : undefined,
    })
  if (splitAt !== undefined && ndjson) throw new VezaError('usage', '--split goes with --lines')
  return {kind, journal, keepsGoing: flags['keep-going'] ?? false, splitAt}
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false
}
