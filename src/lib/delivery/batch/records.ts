import {VezaError} from '../../errors/veza-error.js'
import type {Line} from './lines.js'
import {splitText} from './split-text.js'
import type {BadRecord, BatchRecord} from './types.js'

/** What a line of the input is. */
export interface RecordFormat {
  /** `lines`: a line is a message. `ndjson`: a line is an object with `content`, `reply_to`, `metadata`, `key`. */
  readonly kind: 'lines' | 'ndjson'
  /** The message that each answers which does not say another. */
  readonly parentId?: number | undefined
  /** A longer line is sent in parts of at most so many characters. */
  readonly splitAt?: number | undefined
}

/** A message, without its place in the batch. */
type Body = Omit<BatchRecord, 'index' | 'line'>

const FIELDS: readonly string[] = ['content', 'reply_to', 'metadata', 'key']

/** Makes messages of lines. Empty lines are none; they are counted. */
export class RecordReader {
  readonly #format: RecordFormat
  #index = 0
  #emptyLines = 0

  constructor(format: RecordFormat) {
    this.#format = format
  }

  /** Messages until now. */
  get count(): number {
    return this.#index
  }

  get emptyLines(): number {
    return this.#emptyLines
  }

  /** The messages of lines; a line that is none comes as an error. Never throws. */
  read(lines: readonly Line[]): readonly (BatchRecord | BadRecord)[] {
    return lines.flatMap(line => this.#of(line))
  }

  #of(line: Line): readonly (BatchRecord | BadRecord)[] {
    if ('error' in line) return [{...this.#place(line.number), error: line.error}]
    if (line.text === '') {
      this.#emptyLines += 1
      return []
    }
    try {
      return this.#bodies(line.text).map(body => ({...this.#place(line.number), ...body}))
    } catch (error) {
      if (!(error instanceof VezaError)) throw error
      return [{...this.#place(line.number), error}]
    }
  }

  #place(line: number): {readonly index: number; readonly line: number} {
    this.#index += 1
    return {index: this.#index, line}
  }

  #bodies(text: string): readonly Body[] {
    const {kind, parentId, splitAt} = this.#format
    if (kind === 'ndjson') return [{parentId, ...bodyOf(parse(text))}]
    const parts = splitAt === undefined ? [text] : splitText(text, splitAt)
    return parts.map(content => ({content, parentId}))
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw wrong('is not JSON', 'a line of --ndjson is an object such as {"content": "Deployed"}')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('is not a JSON object', 'a line of --ndjson is an object such as {"content": "Deployed"}')
  return value as Record<string, unknown>
}

function bodyOf(fields: Readonly<Record<string, unknown>>): Body {
  const unknown = Object.keys(fields).find(name => !FIELDS.includes(name))
  if (unknown !== undefined)
    throw wrong(`has an unknown field ${JSON.stringify(unknown)}`, `known are: ${FIELDS.join(', ')}`)
  const {content, reply_to: parentId, metadata, key} = fields
  if (typeof content !== 'string' || content === '') throw wrong('has no content')
  return {
    content,
    ...(isGiven(parentId) ? {parentId: idOf(parentId)} : {}),
    ...(isGiven(metadata) ? {metadata: metadataOf(metadata)} : {}),
    ...(isGiven(key) ? {key: keyOf(key)} : {}),
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function idOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw wrong('has a reply_to that is no message id')
}

function metadataOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('has metadata that is no object')
  if ('client_id' in value) throw wrong('has a metadata.client_id, which veza sets itself', 'give it as key')
  return value as Record<string, unknown>
}

function keyOf(value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw wrong('has a key that is no text')
}

function wrong(problem: string, hint?: string): VezaError {
  return new VezaError('usage', `the record ${problem}`, {hint})
}
