import {custom} from '@oclif/core/args'
import {parseId} from '../config/values.js'
import {VezaError} from '../errors/veza-error.js'
import {chosenWord, reader} from './flags.js'

interface ArgText {
  readonly description: string
  readonly required?: boolean
  readonly multiple?: boolean
}

/** oclif's own `options` are refused in a message that repeats what was typed. */
type Words = {
  readonly words?: readonly string[]
}

/** oclif reads a missing argument from stdin unless told not to, which would steal a piped message. */
export const OWN_STDIN = {ignoreStdin: true}

/** An argument taken as it is. `words`: those that completion offers. */
export function textArg(text: ArgText & Words & {required: true}) {
  return custom<string, Words>({...OWN_STDIN})({...text, required: true})
}

/** An argument that may be left out, taken as it is. `words`: those that completion offers. */
export function optionalTextArg(text: ArgText & Words) {
  return custom<string, Words>({...OWN_STDIN})({...text, required: false})
}

/** A required argument that takes one of a few words. */
export function wordArg<const W extends string>(
  label: string,
  words: readonly W[],
  text: ArgText & {required: true},
) {
  const parse = reader((value, name) => chosenWord(value, words, name), label)
  return custom<W, Words>({...OWN_STDIN, parse})({...text, words, required: true})
}

/** One or more paths. */
export function filesArg(text: ArgText) {
  return custom<string>({...OWN_STDIN})({...text, required: true, multiple: true})
}

/** A resource given by id or name. */
export type Reference = {readonly id: number} | {readonly name: string}

/**
 * A room by id, name or `#name`: digits are an id, `#` makes a name of whatever follows.
 * @throws {VezaError} `usage` for an empty name or an id no number holds.
 */
export function parseRoomReference(text: string, label: string): Reference {
  if (/^\d+$/.test(text)) return {id: parseId(text, label)}
  return named(text.startsWith('#') ? text.slice(1) : text, label)
}

/**
 * A user by id, name or `@name`: digits are an id, `@` makes a name of whatever follows.
 * @throws {VezaError} `usage` as `parseRoomReference`.
 */
export function parseUserReference(text: string, label: string): Reference {
  if (/^\d+$/.test(text)) return {id: parseId(text, label)}
  return named(text.startsWith('@') ? text.slice(1) : text, label)
}

function named(name: string, label: string): Reference {
  if (name.trim() === '') throw new VezaError('usage', `${label} is empty`)
  return {name}
}

/** A required room argument. */
export function roomArg() {
  return custom<Reference>({...OWN_STDIN})({
    description: 'The room: id, name or #name',
    required: true,
    parse: reader(parseRoomReference, 'ROOM'),
  })
}

/** A required user argument. */
export function userArg() {
  return custom<Reference>({...OWN_STDIN})({
    description: 'The user: id, name, @name or me',
    required: true,
    parse: reader(parseUserReference, 'USER'),
  })
}

const USERS = {
  description: 'The users: id, name, @name or me',
  multiple: true,
  parse: reader(parseUserReference, 'USER'),
} as const

/** One or more users. */
export function usersArg() {
  return custom<Reference>({...OWN_STDIN})({...USERS, required: true})
}

/** Users, where they may come from elsewhere too. */
export function optionalUsersArg() {
  return custom<Reference>({...OWN_STDIN})({...USERS, required: false})
}

const readMessage = reader((text, label) => parseId(text.replace(/^#/, ''), label), 'MESSAGE')

/** A required message argument. */
export function messageArg() {
  return custom<number>({...OWN_STDIN})({
    description: 'The id of the message',
    required: true,
    parse: readMessage,
  })
}

/** One or more messages. */
export function messagesArg() {
  return custom<number>({...OWN_STDIN})({
    description: 'The ids of the messages',
    required: true,
    multiple: true,
    parse: readMessage,
  })
}

/** A required webhook argument. */
export function webhookArg() {
  return custom<number>({...OWN_STDIN})({
    description: 'The id of the webhook',
    required: true,
    parse: reader(parseId, 'WEBHOOK'),
  })
}

/** A required http or https address, taken as it is. */
export function webAddressArg(text: ArgText & {required: true}) {
  return custom<string>({...OWN_STDIN})({...text, required: true, parse: reader(checkWebAddress, 'URL')})
}

function checkWebAddress(text: string, label: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new VezaError('usage', `${label} wants an http or https address`)
}
