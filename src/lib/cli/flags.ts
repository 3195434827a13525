import {boolean, custom} from '@oclif/core/flags'
import type {OptionFlag} from '@oclif/core/interfaces'
import {profileName} from '../config/kinds.js'
import {parseDuration, parseId, parseInteger, parseServer} from '../config/values.js'
import {VezaError} from '../errors/veza-error.js'
import {nearest} from './nearest.js'
import {shapeFlags} from './output/flags.js'

/**
 * oclif rewrites the message of what a flag's reader throws into three lines. An error that carries ours as its cause
 * passes untouched; `presentError` unwraps it.
 */
export class UnreadableValue extends Error {}

/** A reader for oclif from one that throws VezaError; `label` names the flag or argument in its message. */
export function reader<T>(
  read: (text: string, label: string) => T,
  label: string,
): (text: string) => Promise<T> {
  return async text => {
    try {
      return read(text, label)
    } catch (cause) {
      throw new UnreadableValue('', {cause})
    }
  }
}

interface FlagText {
  readonly char?: 'F' | 'H' | 'f' | 'i' | 'm' | 'n' | 'q' | 'r' | 'v' | 'y'
  readonly summary: string
  readonly helpValue?: string
  readonly helpGroup?: string
}

/** A flag whose value is taken as it is. */
export function textFlag(text: FlagText) {
  return custom<string>({...text})()
}

/** A flag for a duration (`90`, `90s`, `10m`, `2h`, `7d`), in milliseconds. */
export function durationFlag(name: string, text: FlagText) {
  return custom<number>({helpValue: 'DURATION', ...text, parse: reader(parseDuration, `--${name}`)})()
}

/** A flag for a whole number from `min` to `max`. */
export function integerFlag(name: string, text: FlagText, min: number, max?: number) {
  const read = (value: string, label: string): number => parseInteger(value, label, min, max)
  return custom<number>({helpValue: 'N', ...text, parse: reader(read, `--${name}`)})()
}

/** A flag for the id of a message. */
export function idFlag(name: string, text: FlagText) {
  return custom<number>({helpValue: 'ID', ...text, parse: reader(parseId, `--${name}`)})()
}

/**
 * One of a few words, as it was typed.
 * @throws {VezaError} `usage` listing all of them, with the one that was perhaps meant.
 */
export function chosenWord<const W extends string>(value: string, words: readonly W[], label: string): W {
  const word = words.find(candidate => candidate === value)
  if (word !== undefined) return word
  const near = nearest(value.toLowerCase(), words)
  throw new VezaError('usage', `${label} wants one of: ${words.join(', ')}`, {
    hint: near === undefined ? undefined : `did you mean ${near}?`,
  })
}

/** A flag that takes one of a few words. */
export function wordFlag<const W extends string>(name: string, words: readonly W[], text: FlagText) {
  const read = (value: string, label: string): W => chosenWord(value, words, label)
  const helpValue = `(${words.join('|')})`
  return custom<string>({helpValue, ...text, parse: reader(read, `--${name}`)})() as OptionFlag<W | undefined>
}

/** `--server`. */
export function serverFlag(text: FlagText) {
  return custom<string>({helpValue: 'URL', ...text, parse: reader(parseServer, '--server')})()
}

/** A flag that is there or not. */
export function switchFlag(text: FlagText) {
  return boolean({...text})
}

const GLOBAL = {helpGroup: 'GLOBAL'}

/** The flags of every command. */
export const outputFlags = {
  ...shapeFlags,
  json: switchFlag({...GLOBAL, summary: 'Print JSON: one document, or one record a line from a stream'}),
  'json-schema': switchFlag({
    ...GLOBAL,
    summary: 'Print the JSON Schema of what --json prints, and do nothing else',
  }),
  quiet: switchFlag({...GLOBAL, char: 'q', summary: 'No notices and no progress'}),
  verbose: switchFlag({...GLOBAL, char: 'v', summary: 'Say what is being done'}),
  debug: switchFlag({...GLOBAL, summary: 'Show requests, retries and stacks; never a token or password'}),
  'no-color': switchFlag({...GLOBAL, summary: 'No colour'}),
  'no-input': switchFlag({...GLOBAL, summary: 'Never ask; what is missing is an error'}),
  timeout: durationFlag('timeout', {
    ...GLOBAL,
    summary: 'End after so long with exit code 124 [env: VEZA_TIMEOUT]',
  }),
}

const NETWORK = {helpGroup: 'NETWORK'}

/** `--profile`, for every command that uses settings of a profile or changes them. */
export const profileFlag = custom<string>({
  ...GLOBAL,
  summary: 'The profile to use, see veza profile [env: VEZA_PROFILE]',
  helpValue: 'NAME',
  parse: reader(profileName.parse, '--profile'),
})()

/** The flags of every command that talks to a server. */
export const networkFlags = {
  profile: profileFlag,
  server: serverFlag({...NETWORK, summary: 'Address of the server [env: VEZA_SERVER]'}),
  retries: integerFlag(
    'retries',
    {...NETWORK, summary: 'Tries after the first, 3 by default [env: VEZA_RETRIES]'},
    0,
    100,
  ),
  ca: textFlag({
    ...NETWORK,
    summary: 'Trust the certificates in this file, too [env: VEZA_CA]',
    helpValue: 'FILE',
  }),
  cert: textFlag({...NETWORK, summary: 'Client certificate [env: VEZA_CERT]', helpValue: 'FILE'}),
  key: textFlag({...NETWORK, summary: 'Key of the client certificate [env: VEZA_KEY]', helpValue: 'FILE'}),
  insecure: switchFlag({...NETWORK, summary: 'Do not verify the TLS certificate'}),
}

/** `--yes`, for what cannot be taken back: see `confirm`. */
export const yesFlag = switchFlag({char: 'y', summary: 'Do not ask'})

/** `--room`, for commands where the room is no argument, or may be left out. */
export const roomFlag = textFlag({
  char: 'r',
  summary: 'The room: id, name or #name [env: VEZA_ROOM]',
  helpValue: 'ROOM',
})

/** The flags of every command that sends messages. */
export const rateFlags = {
  'rate-limit': integerFlag(
    'rate-limit',
    {...NETWORK, summary: 'Messages a minute, 60 by default, 0 for no limit [env: VEZA_RATE_LIMIT]'},
    0,
  ),
  'max-wait': durationFlag('max-wait', {
    ...NETWORK,
    summary: 'Fail rather than wait longer for the rate limit, 5m by default [env: VEZA_MAX_WAIT]',
  }),
}

/** Where the text of a message comes from, beside an argument and a pipe. */
export const bodyFlags = {
  message: textFlag({char: 'm', summary: 'The message', helpValue: 'TEXT'}),
  file: textFlag({char: 'f', summary: 'Read the message from this file, - for stdin', helpValue: 'FILE'}),
}
