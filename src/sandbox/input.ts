import {invalid, SandboxError} from './errors.js'

/** The fields of a body, a query string or a frame's data, before anything is known about them. */
export type Fields = Readonly<Record<string, unknown>>

const PAGE_DEFAULT = 50
const PAGE_MAX = 100

/** The fields of `value`; nothing at all counts as no fields. Throws VALIDATION_FAILED for anything but an object. */
export function asFields(value: unknown, name = 'body'): Fields {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(name, 'must be an object')
  return value as Fields
}

export function optionalText(fields: Fields, name: string, max: number): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(name, 'must be a string')
  if (value.includes('\0')) throw invalid(name, 'must not contain NUL')
  if (codePoints(value) > max) throw invalid(name, `must have at most ${max} characters`)
  return value
}

export function requiredText(fields: Fields, name: string, max: number): string {
  const value = optionalText(fields, name, max)
  if (value === undefined || value === '') throw invalid(name, 'is required')
  return value
}

/** Numbers in bodies are numbers; in query strings and paths they are digits. */
export function optionalInteger(fields: Fields, name: string): number | undefined {
  const value = fields[name]
  if (value === undefined || value === null || value === '') return undefined
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw invalid(name, 'must be an integer')
  return number
}

export function requiredInteger(fields: Fields, name: string): number {
  const value = optionalInteger(fields, name)
  if (value === undefined) throw invalid(name, 'is required')
  return value
}

export function optionalFlag(fields: Fields, name: string): boolean | undefined {
  const value = fields[name]
  if (value === undefined || value === null || value === '') return undefined
  if (value === true || value === 'true' || value === '1') return true
  if (value === false || value === 'false' || value === '0') return false
  throw invalid(name, 'must be true or false')
}

export function optionalChoice<T extends string>(
  fields: Fields,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = fields[name]
  if (value === undefined || value === null || value === '') return undefined
  const found = allowed.find(choice => choice === value)
  if (found === undefined) throw invalid(name, `must be one of ${allowed.join(', ')}`)
  return found
}

export function textList(fields: Fields, name: string): readonly string[] {
  const value = fields[name]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every(item => typeof item === 'string')) {
    throw invalid(name, 'must be a list of strings')
  }
  return value
}

/** A page has at most 100 rows (section 3): more is brought down to that, less than 1 is refused. */
export function pageLimit(fields: Fields): number {
  const limit = optionalInteger(fields, 'limit') ?? PAGE_DEFAULT
  if (limit < 1) throw invalid('limit', 'must be at least 1')
  return Math.min(limit, PAGE_MAX)
}

/** The guide's name and the reference's name for the message that is answered (section 7). */
export function parentId(fields: Fields): number | null {
  return optionalInteger(fields, 'parent_id') ?? optionalInteger(fields, 'parent_message_id') ?? null
}

/** Section 3: at most 20 characters. */
export function emojiOf(fields: Fields): string {
  return requiredText(fields, 'emoji', 20)
}

const MESSAGE_MAX = 2_000

/** The text of a message, byte for byte. Throws MESSAGE_TOO_LONG with `details.max_length` (section 3). */
export function messageContent(fields: Fields): string {
  const content = requiredText(fields, 'content', Number.POSITIVE_INFINITY)
  const length = codePoints(content)
  if (length <= MESSAGE_MAX) return content
  throw new SandboxError(422, 'MESSAGE_TOO_LONG', `A message has at most ${MESSAGE_MAX} characters`, {
    max_length: MESSAGE_MAX,
    length,
  })
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
