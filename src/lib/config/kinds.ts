import {VezaError} from '../errors/veza-error.js'
import {parseDuration, parseInteger, parseServer, parseSwitch} from './values.js'

/** A JSON schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** A kind of value that a setting may have. */
export interface ValueKind<T> {
  readonly name: 'text' | 'path' | 'duration' | 'number' | 'switch'
  /** Reads it. Throws VezaError `usage`, which names `label` and does not repeat the text. */
  readonly parse: (text: string, label: string) => T
  /** What an editor may know of it. */
  readonly schema: JsonSchema
}

const ADDRESS: JsonSchema = {type: 'string', format: 'uri', pattern: '^https?://'}
const DURATION: JsonSchema = {
  type: ['string', 'number'],
  pattern: String.raw`^(\d+(\.\d+)?|(\d+(\.\d+)?(ms|[smhdw]))+)$`,
  minimum: 0,
}
const TEXT: JsonSchema = {type: 'string', minLength: 1}

/** Any text but an empty one. */
export const text: ValueKind<string> = {name: 'text', parse: parseText, schema: TEXT}

/** A local file. */
export const filePath: ValueKind<string> = {name: 'path', parse: parseText, schema: TEXT}

/** The address of a server. */
export const server: ValueKind<string> = {name: 'text', parse: parseServer, schema: ADDRESS}

/** A path on a server, such as `/api/v1`; read without the slash at its end. */
export const route: ValueKind<string> = {
  name: 'text',
  parse: (value, label) => {
    if (!/^\/[\w.~!$&'()*+,;=:@%/-]*$/.test(value) || value.split('/').includes('..'))
      throw new VezaError('usage', `${label} wants a path on the server`, {hint: 'write it as /api/v1'})
    return value.replace(/\/+$/, '')
  },
  schema: {type: 'string', pattern: '^/'},
}

/** A duration, in milliseconds. */
export const duration: ValueKind<number> = {name: 'duration', parse: parseDuration, schema: DURATION}

/** A duration longer than 0, in milliseconds. */
export const interval: ValueKind<number> = {
  ...duration,
  parse: (value, label) => {
    const ms = parseDuration(value, label)
    if (ms === 0) throw new VezaError('usage', `${label} must be longer than 0`)
    return ms
  },
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max?: number): ValueKind<number> {
  return {
    name: 'number',
    parse: (value, label) => parseInteger(value, label, min, max),
    schema: {type: 'integer', minimum: min, ...(max === undefined ? {} : {maximum: max})},
  }
}

/** On or off. */
export const onOff: ValueKind<boolean> = {name: 'switch', parse: parseSwitch, schema: {type: 'boolean'}}

/** One of a few words. */
export function word<const W extends string>(...words: readonly W[]): ValueKind<W> {
  return {
    name: 'text',
    parse: (value, label) => {
      const found = words.find(candidate => candidate === value)
      if (found === undefined) throw new VezaError('usage', `${label} wants one of: ${words.join(', ')}`)
      return found
    },
    schema: {enum: words},
  }
}

/** The name of a profile. */
export const profileName: ValueKind<string> = {
  name: 'text',
  parse: (value, label) => {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(value))
      throw new VezaError('usage', `${label} wants a name of 1 to 64 letters, digits, _ and -`)
    return value
  },
  schema: {type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$'},
}

function parseText(value: string, label: string): string {
  if (value.trim() === '') throw new VezaError('usage', `${label} is empty`)
  return value
}
