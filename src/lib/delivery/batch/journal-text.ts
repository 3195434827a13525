import {createHash} from 'node:crypto'
import {VezaError} from '../../errors/veza-error.js'
import {type BatchRecord, MOST_UNSETTLED} from './types.js'

/** The first line of a journal. */
export interface JournalHeader {
  readonly veza_journal: 1
  /** Begins each `client_id` of the batch. */
  readonly id: string
  readonly server: string
  readonly room: number
  /** The flags by which the input was made into messages, such as `--lines --split 500`. */
  readonly input: string
  /** The newest message of the room when the journal was begun, 0 in an empty room. */
  readonly floor: number
}

/** What earlier runs have confirmed, by the index of the message: 12 bytes each, so that a million is little. */
export class Confirmed {
  #ids = new Float64Array(1024)
  #hashes = new Uint32Array(1024)
  #highest = 0

  /** The highest index. */
  get highest(): number {
    return this.#highest
  }

  /** The id of the message and the hash of its record; undefined where nothing is confirmed. */
  get(index: number): {readonly id: number; readonly hash: number} | undefined {
    const [id = 0, hash = 0] = [this.#ids[index], this.#hashes[index]]
    return id === 0 ? undefined : {id, hash}
  }

  set(index: number, id: number, hash: number): void {
    if (index >= this.#ids.length) this.#grow(index)
    this.#ids[index] = id
    this.#hashes[index] = hash
    this.#highest = Math.max(this.#highest, index)
  }

  #grow(index: number): void {
    const length = 2 ** Math.ceil(Math.log2(index + 1))
    const [ids, hashes] = [this.#ids, this.#hashes]
    this.#ids = new Float64Array(length)
    this.#hashes = new Uint32Array(length)
    this.#ids.set(ids)
    this.#hashes.set(hashes)
  }
}

/** A journal as it was read. */
export interface JournalState {
  readonly header: JournalHeader
  readonly confirmed: Confirmed
  /** What earlier runs have sent and not confirmed has a higher id. */
  readonly lookFromId: number
}

/**
 * Reads a journal up to its last whole line; undefined where not even the first one is whole, so that nothing was sent.
 * @throws {VezaError} `file_unreadable` for any other file, and for a line that is damaged.
 */
export function parseJournal(text: string, name: string): JournalState | undefined {
  const lines = text.split('\n').slice(0, -1)
  const first = lines[0]
  if (first === undefined) {
    if (text !== '' && !'{"veza_journal":'.startsWith(text.slice(0, 16))) throw noJournal(name)
    return undefined
  }
  const header = headerOf(first, name)
  const confirmed = new Confirmed()
  // Whatever was on its way at the end of a run, so many before the last that is confirmed were confirmed already.
  const lookFrom = lines.length - MOST_UNSETTLED
  let lookFromId = header.floor
  for (const [at, line] of lines.entries()) {
    if (at === 0) continue
    const [, index, id, hash] = /^(\d{1,15})\t(\d{1,15})\t([0-9a-f]{8})$/.exec(line) ?? []
    if (index === undefined || id === undefined || hash === undefined) throw damaged(name, at + 1)
    confirmed.set(Number(index), Number(id), Number.parseInt(hash, 16))
    if (at <= lookFrom) lookFromId = Math.max(lookFromId, Number(id))
  }
  return {header, confirmed, lookFromId}
}

/** A line of a journal. */
export function journalLine(index: number, id: number, hash: number): string {
  return `${index}\t${id}\t${hash.toString(16).padStart(8, '0')}\n`
}

/** By which a record is known again: 32 bits of the SHA-256 of all that is sent. */
export function recordHash({content, parentId, metadata, key}: BatchRecord): number {
  const text = JSON.stringify([content, parentId ?? null, metadata ?? null, key ?? null])
  return createHash('sha256').update(text).digest().readUInt32BE(0)
}

function headerOf(line: string, name: string): JournalHeader {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw noJournal(name)
  }
  const {veza_journal: version, id, server, room, input, floor} = Object(value) as Record<string, unknown>
  const isWhole =
    [id, server, input].every(text => typeof text === 'string') &&
    [room, floor].every(number => Number.isInteger(number))
  if (version !== 1 || !isWhole) throw noJournal(name)
  return value as JournalHeader
}

function noJournal(name: string): VezaError {
  return new VezaError('file_unreadable', `${name} is no journal of veza`, {
    hint: 'name another file, or one that does not exist yet',
  })
}

function damaged(name: string, line: number): VezaError {
  return new VezaError('file_unreadable', `line ${line} of ${name} is damaged`, {
    hint: 'what was sent before cannot be told from it: look into the room, then begin a new journal',
  })
}
