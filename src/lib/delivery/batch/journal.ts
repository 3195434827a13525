import {randomUUID} from 'node:crypto'
import {closeSync, fsyncSync, ftruncateSync, openSync, writeSync} from 'node:fs'
import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import {acquireLock} from '../../state/lock.js'
import {readOwnFile, targetOf} from '../../state/own-file.js'
import {type JournalHeader, type JournalState, journalLine, parseJournal, recordHash} from './journal-text.js'
import type {BatchRecord} from './types.js'

/** Where a batch goes and what it is made of, as its journal remembers it. */
export interface JournalOwner {
  readonly server: string
  readonly roomId: number
  /** The flags by which its input becomes messages, such as `--lines --split 500`. */
  readonly input: string
  /** The newest message of the room, 0 in an empty one; asked for a new journal only. */
  readonly newestId: () => Promise<number>
}

/** A message that has arrived. */
export interface Confirmation {
  readonly record: BatchRecord
  readonly id: number
}

/**
 * What of a batch has arrived, in a file: one line a message, behind a header with the random id that begins each
 * `client_id` of the batch. The header is on disk before anything is sent. What a crash keeps from being written is found
 * in the room's history, above `lookFromId`.
 */
export class Journal {
  readonly #fd: number
  readonly #name: string
  readonly #release: () => void
  readonly #state: JournalState
  /** Whether an earlier run has begun it. */
  readonly isResumed: boolean

  private constructor(
    {fd, name, release}: {readonly fd: number; readonly name: string; readonly release: () => void},
    state: JournalState,
    isResumed: boolean,
  ) {
    this.#fd = fd
    this.#name = name
    this.#release = release
    this.#state = state
    this.isResumed = isResumed
  }

  /**
   * Opens the journal, or begins it, for this process alone: the lock is an empty file beside it that stays.
   * @throws {VezaError} `conflict` when another process uses it; `usage` when it is of another room or server, or of an
   * input of another kind;
   * `file_unreadable` when it is no journal; `config` or `failed` when it cannot be written.
   */
  static async open(file: string, owner: JournalOwner): Promise<Journal> {
    const name = `the journal ${file}`
    const path = await targetOf(file, name)
    await readOwnFile(path, name)
    const release = await lockFor(path, name)
    try {
      const text = (await readOwnFile(path, name)) ?? ''
      const found = parseJournal(text, name)
      if (found !== undefined) assertOwner(found.header, owner, name)
      const header = found?.header ?? (await newHeader(owner))
      const fd = openForAppending(path, name)
      const whole = found === undefined ? '' : text.slice(0, text.lastIndexOf('\n') + 1)
      const first = found === undefined ? `${JSON.stringify(header)}\n` : ''
      begin(fd, {name, keptBytes: Buffer.byteLength(whole), first})
      const state = found ?? (parseJournal(first, name) as JournalState)
      return new Journal({fd, name, release}, state, found !== undefined)
    } catch (error) {
      release()
      throw error
    }
  }

  get id(): string {
    return this.#state.header.id
  }

  get lookFromId(): number {
    return this.#state.lookFromId
  }

  /** Checks the number of messages of an input that has ended. @throws {VezaError} `usage` when some are missing. */
  assertWhole(count: number): void {
    const known = this.#state.confirmed.highest
    if (count < known)
      throw new VezaError('usage', `${this.#name} knows of ${known} messages, the input has ${count}`, {
        hint: 'it is not the input that the journal was begun with',
      })
  }

  /**
   * The id of a message that an earlier run has confirmed.
   * @throws {VezaError} `usage` when the input had another message there.
   */
  confirmedId(record: BatchRecord): number | undefined {
    const known = this.#state.confirmed.get(record.index)
    if (known === undefined) return undefined
    if (known.hash !== recordHash(record)) throw changedInput(this.#name, record.line)
    return known.id
  }

  /**
   * Checks what an earlier run has sent without noting it, unless it has a key of its own or was edited since.
   * @throws {VezaError} `usage` when the input has another message there.
   */
  assertSame({content, parentId, key, line}: BatchRecord, sent: Message): void {
    if (key !== undefined || sent.is_edited === true) return
    if (sent.content !== content || (sent.parent_id ?? undefined) !== parentId)
      throw changedInput(this.#name, line)
  }

  /** Writes what has arrived, in one go. @throws {VezaError} `failed` when the disk takes no more. */
  append(confirmations: readonly Confirmation[]): void {
    const lines = confirmations.map(({record, id}) => journalLine(record.index, id, recordHash(record)))
    write(this.#fd, lines.join(''), this.#name)
  }

  /** Lets others use it. */
  close(): void {
    closeSync(this.#fd)
    this.#release()
  }
}

async function newHeader({server, roomId, input, newestId}: JournalOwner): Promise<JournalHeader> {
  return {veza_journal: 1, id: `veza-${randomUUID()}`, server, room: roomId, input, floor: await newestId()}
}

async function lockFor(path: string, name: string): Promise<() => void> {
  try {
    return await acquireLock(`${path}.lock`, {timeoutMs: 0})
  } catch (cause) {
    if (!(cause instanceof VezaError) || cause.code !== 'unreachable')
      throw new VezaError('config', `${name} cannot be used`, {
        hint: 'name a file in a folder that you may write to',
        cause,
      })
    throw new VezaError('conflict', `another veza uses ${name}`, {
      hint: 'wait for it: it sends the same messages',
      cause,
    })
  }
}

function assertOwner({server, room, input}: JournalHeader, owner: JournalOwner, name: string): void {
  if (server !== owner.server) throw otherBatch(name, `for the server ${server}`)
  if (room !== owner.roomId) throw otherBatch(name, `for room ${room}`)
  if (input !== owner.input) throw otherBatch(name, `with ${input}`)
}

function otherBatch(name: string, which: string): VezaError {
  return new VezaError('usage', `${name} is of a batch ${which}`, {hint: 'each batch has its own journal'})
}

function openForAppending(path: string, name: string): number {
  try {
    return openSync(path, 'a', 0o600)
  } catch (cause) {
    throw unwritable(name, cause)
  }
}

interface Beginning {
  readonly name: string
  /** Behind the last whole line: what follows was torn by a crash. */
  readonly keptBytes: number
  readonly first: string
}

function begin(fd: number, {name, keptBytes, first}: Beginning): void {
  try {
    ftruncateSync(fd, keptBytes)
    write(fd, first, name)
    // Without the header a second run would not know what the first one has sent.
    if (first !== '') fsyncSync(fd)
  } catch (error) {
    closeSync(fd)
    throw error instanceof VezaError ? error : unwritable(name, error)
  }
}

function write(fd: number, text: string, name: string): void {
  const bytes = Buffer.from(text)
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
  } catch (cause) {
    throw unwritable(name, cause)
  }
}

function unwritable(name: string, cause: unknown): VezaError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
  const why = code === 'ENOSPC' ? 'the disk is full' : code
  return new VezaError('failed', `${name} cannot be written: ${why}`, {
    hint: 'make room, then run the same command again: what has arrived is found in the room',
    cause,
  })
}

function changedInput(name: string, line: number): VezaError {
  return new VezaError('usage', `line ${line} is not what it was when ${name} was written`, {
    hint: 'give the same input with the same options again, or begin a new journal',
  })
}
