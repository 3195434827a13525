import {custom as customArg} from '@oclif/core/args'
import {boolean, custom} from '@oclif/core/flags'
import {cursorFlags} from '../cursor-flags.js'
import {durationFlag, idFlag, integerFlag, reader, switchFlag, textFlag, wordFlag} from '../flags.js'
import {hookFlags} from '../hooks/flags.js'
import {textsFlag} from '../list-flags.js'
import {sinceFlag, timeFlag} from '../since.js'
import {parseEventType} from './event-types.js'

const START = {helpGroup: 'START'}
const FILTERS = {helpGroup: 'FILTER'}
const FORM = {helpGroup: 'OUTPUT'}
const END = {helpGroup: 'END'}
const CONNECTION = {helpGroup: 'CONNECTION'}

/** Any number of rooms or users, also none; oclif would read a missing one from stdin unless told not to. */
export function namesArg(description: string) {
  return customArg<string>({ignoreStdin: true})({description, required: false, multiple: true})
}

/** `--room` and `--all`. */
export const roomsFlags = {
  room: custom<string>({
    char: 'r',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A room: id, name or #name; may be repeated [env: VEZA_ROOM]',
    helpValue: 'ROOM',
  })({multiple: true}),
  all: switchFlag({summary: 'Every room the account has joined, also those it joins from now on'}),
}

/** Who and what a message must be of, for tail and wait alike. */
export const fromFlags = {
  from: custom<string>({
    ...FILTERS,
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    summary: 'Only messages of these users: names or ids, by commas, me for oneself',
    helpValue: 'USER',
  })({multiple: true}),
  'not-from-me': switchFlag({...FILTERS, summary: 'No messages of this account'}),
  mentions: switchFlag({...FILTERS, summary: 'Only messages that mention this account'}),
  'ignore-case': boolean({
    ...FILTERS,
    char: 'i',
    summary: 'Upper and lower case are the same to regular expressions',
  }),
}

/** `--since`, for tail and wait alike. */
const beginFlags = {
  since: sinceFlag('since', {
    ...START,
    summary: 'Begin with what came after this message, time or duration ago',
  }),
}

/** What holds for the connection, for tail and wait alike. */
const connectionFlags = {
  'max-reconnects': integerFlag(
    'max-reconnects',
    {...CONNECTION, summary: 'Give up after so many failed attempts in a row; without end by default'},
    0,
  ),
}

/** The flags that `messages tail` and `dm tail` share. */
export const tailFlags = {
  last: integerFlag(
    'last',
    {...START, char: 'n', summary: 'Begin with the last so many messages, 0 by default'},
    0,
  ),
  ...beginFlags,
  ...cursorFlags,
  ...fromFlags,
  grep: textFlag({
    ...FILTERS,
    summary: 'Only messages that match this regular expression',
    helpValue: 'REGEX',
  }),
  types: custom<ReturnType<typeof parseEventType>>({
    ...FILTERS,
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    summary: 'What to follow, by commas: message (the default), reaction, edit, presence, or all',
    helpValue: 'TYPE',
    parse: reader(parseEventType, '--types'),
  })({multiple: true}),
  until: timeFlag('until', {
    ...FILTERS,
    summary: 'No messages sent after this time; ends when it has passed',
  }),
  highlight: textsFlag({
    ...FORM,
    summary: 'Set off what matches this regular expression; may be repeated',
    helpValue: 'REGEX',
  }),
  events: switchFlag({
    ...FORM,
    summary: 'With --json: also records of what happens to the stream',
  }),
  count: integerFlag('count', {...END, summary: 'End after so many messages'}, 1),
  'idle-timeout': durationFlag('idle-timeout', {
    ...END,
    summary: 'End when nothing has come out for so long',
  }),
  ...hookFlags({one: 'message', many: 'messages'}),
  ...connectionFlags,
  'on-lag': wordFlag('on-lag', ['block', 'drop', 'spill'], {
    ...CONNECTION,
    summary:
      'When the reader is too slow: hold the server back (the default), drop the oldest, or keep them in a file',
  }),
}

/** What only `messages wait` has. */
export const waitFlags = {
  match: textFlag({
    ...FILTERS,
    summary: 'The message must match this regular expression',
    helpValue: 'REGEX',
  }),
  ...fromFlags,
  'reply-to': idFlag('reply-to', {...FILTERS, summary: 'The message must be an answer to this one'}),
  ...beginFlags,
  ...connectionFlags,
}
