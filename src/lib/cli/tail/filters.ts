import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import {mentionOf} from '../../output/highlight.js'

/** Whether a message is wanted. */
export type Filter = (message: Message) => boolean

/** A user, by what is known of him. */
export interface Person {
  readonly id?: number | undefined
  readonly username?: string | undefined
}

/** What a message must be; whatever is left out is not asked of it. */
export interface FilterOptions {
  /** Written by one of these. */
  readonly from?: readonly Person[] | undefined
  /** Not written by him. */
  readonly notFrom?: Person | undefined
  /** He is mentioned: by the field of the reference dialect (section 4 of the contract), or as `@name` in the content. */
  readonly mentioned?: Person | undefined
  /** Its content matches. Neither global nor sticky. */
  readonly pattern?: RegExp | undefined
  /** A direct answer to the message of this id. */
  readonly replyTo?: number | undefined
}

/** All demands as one filter; undefined where there is none, so that a flood is not asked. */
export function createFilter(options: FilterOptions): Filter | undefined {
  const {from, notFrom, mentioned, pattern, replyTo} = options
  const demands: Filter[] = []
  if (replyTo !== undefined) demands.push(message => message.parent_id === replyTo)
  if (from !== undefined) demands.push(message => from.some(person => isBy(message, person)))
  if (notFrom !== undefined) demands.push(message => !isBy(message, notFrom))
  if (mentioned !== undefined) demands.push(mentionFilter(mentioned))
  if (pattern !== undefined) demands.push(message => pattern.test(message.content))
  if (demands.length < 2) return demands[0]
  return message => demands.every(demand => demand(message))
}

/** Sent after a moment, in milliseconds since 1970. A message without a time that can be read is not. */
export function sentAfter(timeMs: number): Filter {
  return ({created_at}) => created_at !== undefined && Date.parse(created_at) > timeMs
}

/**
 * The regular expression of a flag, as JavaScript has them, found anywhere in the text, with whole characters beyond U+FFFF.
 * @throws {VezaError} `usage` naming `label` and what is wrong; the expression itself is not repeated.
 */
export function parsePattern(source: string, label: string, ignoreCase = false): RegExp {
  try {
    return new RegExp(source, ignoreCase ? 'iu' : 'u')
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message.split(': ').at(-1) : undefined
    throw new VezaError('usage', `${label} is no regular expression: ${reason}`, {
      hint: String.raw`JavaScript's syntax: a brace, bracket, parenthesis, * or + to be found as it is wants a \ before it`,
    })
  }
}

/** The id decides where both have one: names change. */
function isBy({author_id, username}: Message, person: Person): boolean {
  if (author_id !== undefined && person.id !== undefined) return author_id === person.id
  return username !== undefined && username === person.username
}

function mentionFilter({id, username}: Person): Filter {
  const inText = username === undefined ? undefined : mentionOf(username)
  const isNamed = (entry: unknown): boolean => {
    if (typeof entry !== 'object' || entry === null)
      return entry !== undefined && (entry === username || entry === id)
    const user: {readonly id?: unknown; readonly user_id?: unknown; readonly username?: unknown} = entry
    return isNamed(user.username) || isNamed(user.user_id ?? user.id)
  }
  return ({mentions, content}) =>
    (Array.isArray(mentions) && mentions.some(isNamed)) || inText?.test(content) === true
}
