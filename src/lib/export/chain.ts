import {hash} from 'node:crypto'
import type {ChainEntry, ChainRecord} from './types.js'

/** What stands for the line before the first one. */
export const NO_LINE = '0'.repeat(64)

/** The hash of a line, of its bytes without the newline: what the next line has as `prev`. */
export function linkOf(line: string | Uint8Array): string {
  return hash('sha256', line)
}

/** What a record says beside its place in the chain, as JSON without the braces around it. */
export function payloadOf(entry: ChainEntry): string {
  return JSON.stringify(entry).slice(1, -1)
}

/** As `payloadOf`, of a message that is JSON already. */
export function messagePayload(json: string): string {
  return `"kind":"message","message":${json}`
}

/** A line of the chain, without the newline. */
export function chainLine(prev: string, seq: number, payload: string): string {
  return `{"prev":"${prev}","seq":${seq},${payload}}`
}

/** What of each kind is relied on before the chain has vouched for it: the field it has, and what in there must be what. */
const NEEDED: Readonly<
  Record<ChainEntry['kind'], readonly [field: string, ...parts: (readonly [string, string])[]]>
> = {
  run: ['run'],
  room: ['room'],
  conversation: ['conversation'],
  members: ['members'],
  message: ['message', ['id', 'number'], ['content', 'string']],
  revision: ['message', ['id', 'number'], ['content', 'string']],
  deleted: ['deleted', ['id', 'number']],
  file: ['file', ['file_id', 'number']],
}

/** A line read back; undefined for what is none. What a record says is not checked further: the chain vouches for it. */
export function parseLine(line: Uint8Array): ChainRecord | undefined {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.length).toString())
  } catch {
    return undefined
  }
  return isRecord(value) ? value : undefined
}

function isRecord(value: unknown): value is ChainRecord {
  if (!isObject(value) || typeof value.seq !== 'number' || typeof value.prev !== 'string') return false
  if (typeof value.kind !== 'string' || !Object.hasOwn(NEEDED, value.kind)) return false
  const [field, ...parts] = NEEDED[value.kind as ChainEntry['kind']]
  const inside = value[field]
  return isObject(inside) && parts.every(([name, type]) => typeof inside[name] === type)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
