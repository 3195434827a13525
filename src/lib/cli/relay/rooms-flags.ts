import type {InferredFlags} from '@oclif/core/interfaces'
import {VezaError} from '../../errors/veza-error.js'
import {integerFlag, textFlag} from '../flags.js'
import {logFlags} from '../log-format.js'
import {metricsFlags} from '../metrics/flags.js'
import {sinceFlag} from '../since.js'

const START = {helpGroup: 'START'}

/** The flags of `relay rooms`. */
export const relayRoomsFlags = {
  stream: textFlag({summary: 'The key of the Redis stream to write to; always needed', helpValue: 'KEY'}),
  'max-len': integerFlag('max-len', {summary: 'Keep about so many entries in the stream, all by default'}, 1),
  last: integerFlag(
    'last',
    {...START, char: 'n', summary: 'In rooms that were never relayed: begin with the last so many messages'},
    0,
  ),
  since: sinceFlag('since', {
    ...START,
    summary:
      'In rooms that were never relayed: begin with what came after this message, time or duration ago',
  }),
  ...metricsFlags,
  ...logFlags,
}

/** What they parse to. */
export type RelayRoomsRequest = Partial<InferredFlags<typeof relayRoomsFlags>>

/** The stream that was asked for. @throws {VezaError} `usage` for none, and for flags that do not go together. */
export function streamOf({stream, last, since}: RelayRoomsRequest): string {
  if (last !== undefined && since !== undefined)
    throw new VezaError('usage', 'give --since or --last, not both')
  if (stream === undefined || stream.trim() === '') {
    throw new VezaError('usage', '--stream is missing', {hint: 'give the key of the stream to write to'})
  }
  return stream
}
