import {VezaError} from '../../errors/veza-error.js'
import {parsePattern} from '../tail/filters.js'

/** How a text is searched for. */
export interface PatternOptions {
  /** It is a regular expression. */
  readonly regex?: boolean | undefined
  /** Upper and lower case are the same. Default: they are where the text has no upper case letter. */
  readonly ignoreCase?: boolean | undefined
  /** They are not, whatever the text. */
  readonly caseSensitive?: boolean | undefined
}

const SYNTAX = /[\\^$.*+?()[\]{}|/]/g
/** In a regular expression a letter behind a backslash is no letter. */
const ESCAPES = /\\(?:[pPuxk]\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|.)/giu

/**
 * The pattern that a text stands for, found anywhere in a message. @throws {VezaError} `usage` for an empty text, a
 * regular expression that is none, and for both wishes as to case.
 */
export function searchPattern(text: string, options: PatternOptions): RegExp {
  const {caseSensitive, ignoreCase, regex} = options
  if (text === '') throw new VezaError('usage', 'TEXT is empty')
  if (ignoreCase && caseSensitive)
    throw new VezaError('usage', 'give --ignore-case or --case-sensitive, not both')
  const letters = regex ? text.replace(ESCAPES, '') : text
  const isAnyCase = ignoreCase || (!caseSensitive && !/\p{Lu}/u.test(letters))
  return parsePattern(regex ? text : text.replace(SYNTAX, '\\$&'), 'TEXT', isAnyCase)
}
