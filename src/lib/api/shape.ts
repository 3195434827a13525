import {VezaError} from '../errors/veza-error.js'

/** A JSON object whose fields are not checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * What a field must be. `parse` gives the normalised value, or `INVALID`. It gets the place in two parts: joining them for
 * each field would cost as much as all checks together.
 */
export interface Field {
  readonly expected: string
  readonly parse: (value: unknown, at: string, name: string) => unknown
  /** Must be there and must not be null. */
  readonly required?: boolean
  /** Null stays null; elsewhere a null means the same as a missing field and is dropped. */
  readonly nullable?: boolean
}

/** A field that one dialect calls `name`, its first name, and the other one `other`. */
interface Alias {
  readonly name: string
  readonly other: string
  /** Where both are there and not null, `other` is the right one: it is the more specific name. Default: `name` is. */
  readonly otherWins?: boolean
}

/** One resource: its fields by name, and those of them that have another name in the other dialect. */
export interface Shape {
  readonly fields: readonly (readonly [name: string, field: Field])[]
  readonly aliases?: readonly Alias[]
}

/** What `parse` answers to a value of the wrong type. */
export const INVALID = Symbol('invalid')

const HINT = 'check that --server (VEZA_SERVER) names a Veza chat server'

/** The error for a value that is not the protocol's. Names the place and the types, never the value itself. */
export function mismatch(at: string, problem: string): VezaError {
  return new VezaError('not_protocol', `unexpected answer from the server: ${at} ${problem}`, {hint: HINT})
}

/** Whether a JSON value is an object (neither null nor an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The JSON type of a value, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Text. */
export const text: Field = {expected: 'text', parse: value => (typeof value === 'string' ? value : INVALID)}

/** A truth value. */
export const bool: Field = {
  expected: 'true or false',
  parse: value => (typeof value === 'boolean' ? value : INVALID),
}

/** A count, a size in bytes or a number of seconds. */
export const amount: Field = {
  expected: 'a number of 0 or more',
  parse: value => (Number.isFinite(value) && Number(value) >= 0 ? value : INVALID),
}

/** Any object, its fields unchecked. */
export const object: Field = {
  expected: 'an object',
  parse: value => (isJsonObject(value) ? value : INVALID),
}

const DIGITS = /^\d{1,40}$/

/** An id: a positive integer up to 2^53-1, also as digits in a string. */
export const id: Field = {
  expected: 'a positive integer',
  parse: (value, at, name) => {
    const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 1) return INVALID
    if (number > Number.MAX_SAFE_INTEGER)
      throw mismatch(`${at}.${name}`, 'is beyond 2^53-1 and cannot be read exactly')
    return number
  },
}

/** A field that another decoder reads. */
export function nested(decode: (value: unknown, at: string) => unknown): Field {
  return {expected: 'an object', parse: (value, at, name) => decode(value, `${at}.${name}`)}
}

/** The field, and it must be there. */
export function required(field: Field): Field {
  return {...field, required: true}
}

/** The field, and null is one of its values. */
export function nullable(field: Field): Field {
  return {...field, nullable: true}
}

/**
 * Reads one resource: renames what another dialect names differently, checks the fields of the shape, keeps all others.
 * A value that needs no change is returned as it is, not copied: this runs for each message of a flood.
 * Throws `not_protocol`, naming the field.
 */
export function decodeShape(shape: Shape, value: unknown, at: string): JsonObject {
  if (!isJsonObject(value)) throw mismatch(at, `should be an object, is ${kindOf(value)}`)
  const renamed = renameAliases(shape, value)
  let copy: Record<string, unknown> | undefined
  for (const [name, field] of shape.fields) {
    const before = renamed[name]
    if (before === undefined && !field.required) continue
    const after = parseField(field, before, at, name)
    if (after === before) continue
    copy ??= {...renamed}
    if (after === undefined) delete copy[name]
    else copy[name] = after
  }
  return copy ?? renamed
}

/** The value with its fields under their first names, which come first; the other names are dropped. */
export function renameAliases({aliases = []}: Shape, value: JsonObject): JsonObject {
  if (!aliases.some(({other}) => value[other] !== undefined)) return value
  const copy: Record<string, unknown> = {}
  for (const {name, other, otherWins} of aliases) {
    const [first, second] = otherWins ? [value[other], value[name]] : [value[name], value[other]]
    const best = second === undefined ? first : (first ?? second)
    if (best !== undefined) copy[name] = best
  }
  for (const name of Object.keys(value)) {
    if (!isAlias(aliases, name)) setField(copy, name, value[name])
  }
  return copy
}

function isAlias(aliases: readonly Alias[], candidate: string): boolean {
  for (const {name, other} of aliases) if (candidate === name || candidate === other) return true
  return false
}

function parseField(field: Field, before: unknown, at: string, name: string): unknown {
  if (before === undefined || before === null) {
    if (field.required) throw mismatch(`${at}.${name}`, 'is missing')
    return field.nullable ? before : undefined
  }
  const after = field.parse(before, at, name)
  if (after === INVALID) throw mismatch(`${at}.${name}`, `should be ${field.expected}, is ${kindOf(before)}`)
  return after
}

/** Defines, never assigns, `__proto__`: to JSON that is a field like any other. */
function setField(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value
  else Object.defineProperty(target, name, {value, enumerable: true, configurable: true, writable: true})
}
