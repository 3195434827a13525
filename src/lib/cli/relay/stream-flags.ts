import {custom} from '@oclif/core/args'
import type {InferredFlags} from '@oclif/core/interfaces'
import {OWN_STDIN} from '../args.js'
import {integerFlag, rateFlags, switchFlag, textFlag} from '../flags.js'
import {logFlags} from '../log-format.js'
import {metricsFlags} from '../metrics/flags.js'

/** One or more streams. */
export function streamsArg() {
  return custom<string>({...OWN_STDIN})({
    description: 'The keys of the streams',
    required: true,
    multiple: true,
  })
}

/** The flags of `relay stream`. */
export const relayStreamFlags = {
  room: textFlag({
    char: 'r',
    summary: 'Send all to this room: id, name or #name; by default each entry names its own',
    helpValue: 'ROOM',
  }),
  template: textFlag({
    summary:
      'What the text is made of, such as "{{level}}: {{text}}", @FILE to read one; {{content}} by default',
    helpValue: 'TEMPLATE',
  }),
  group: textFlag({summary: 'The consumer group of the members, veza by default', helpValue: 'NAME'}),
  'from-start': switchFlag({summary: 'Begin a new group with what is in the stream already'}),
  'dead-letters': textFlag({
    summary: 'The stream for entries that cannot be sent, KEY:dead by default',
    helpValue: 'KEY',
  }),
  attempts: integerFlag(
    'attempts',
    {summary: 'Give an entry up when the server has failed over it so often, 5 by default'},
    1,
    1000,
  ),
  'rate-limit': rateFlags['rate-limit'],
  ...metricsFlags,
  ...logFlags,
}

/** What they parse to. */
export type RelayStreamRequest = Partial<InferredFlags<typeof relayStreamFlags>>
