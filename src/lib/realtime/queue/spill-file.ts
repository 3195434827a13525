import {closeSync, ftruncateSync, openSync, readSync, rmSync, unlinkSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {VezaError} from '../../errors/veza-error.js'
import {makeFolder} from '../../state/make-folder.js'

const READ_BYTES = 256 * 1024
const NEWLINE = 0x0a

/** A file of lines, first in, first out. */
export interface SpillFile {
  /** Adds lines, each ended by a newline. Throws the system's error, and then has taken none of them. */
  append(lines: string): void
  /** The next lines, at least one where any are left. Throws `failed` when they cannot be read back. */
  read(): readonly string[]
  /** Gives the space back. For a file that has been read to its end. */
  clear(): void
  close(): void
}

/**
 * Makes a file in `dir` that nobody else can read, and takes its name away at once, so that the system removes it however
 * the process ends. Where that is not possible it is removed by `close`. Throws the system's error.
 *
 * Reads and writes are synchronous on purpose: a block goes to the page cache in less time than it takes to ask a thread
 * for it, order needs no thought, and no block waits in memory for a slow disk.
 */
export function openSpillFile(dir: string, unlink: (path: string) => void = unlinkSync): SpillFile {
  makeFolder(dir)
  const path = join(dir, `spill-${process.pid}-${Math.random().toString(36).slice(2)}.ndjson`)
  // `x`: a file or a link that somebody has put there is never written to.
  const descriptor = openSync(path, 'wx+', 0o600)
  try {
    unlink(path)
    return new DiskFile(descriptor, undefined)
  } catch {
    return new DiskFile(descriptor, path)
  }
}

class DiskFile implements SpillFile {
  readonly #descriptor: number
  readonly #path: string | undefined
  readonly #block = Buffer.allocUnsafe(READ_BYTES)
  #readTo = 0
  #writtenTo = 0

  constructor(descriptor: number, path: string | undefined) {
    this.#descriptor = descriptor
    this.#path = path
  }

  append(lines: string): void {
    const bytes = Buffer.from(lines)
    let done = 0
    while (done < bytes.length) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#writtenTo + done)
    }
    this.#writtenTo += done
  }

  read(): readonly string[] {
    const left = this.#writtenTo - this.#readTo
    for (let size = Math.min(READ_BYTES, left); ; size = Math.min(size * 2, left)) {
      const block = this.#fill(size)
      const end = block.lastIndexOf(NEWLINE)
      if (end !== -1) {
        this.#readTo += end + 1
        return block.toString('utf8', 0, end).split('\n')
      }
      if (size === left) throw unreadable('a line without an end')
    }
  }

  clear(): void {
    ftruncateSync(this.#descriptor, 0)
    this.#readTo = 0
    this.#writtenTo = 0
  }

  close(): void {
    closeSync(this.#descriptor)
    if (this.#path !== undefined) rmSync(this.#path, {force: true})
  }

  /** So many of the bytes that come next. A line longer than a block gets a buffer of its own. */
  #fill(size: number): Buffer {
    const buffer = size <= READ_BYTES ? this.#block.subarray(0, size) : Buffer.allocUnsafe(size)
    let done = 0
    while (done < size) {
      const count = this.#readSome(buffer, done)
      if (count === 0) throw unreadable('it is shorter than what was written')
      done += count
    }
    return buffer
  }

  #readSome(buffer: Buffer, offset: number): number {
    try {
      return readSync(this.#descriptor, buffer, offset, buffer.length - offset, this.#readTo + offset)
    } catch (cause) {
      throw unreadable(cause instanceof Error ? cause.message : 'an unknown error', cause)
    }
  }
}

function unreadable(problem: string, cause?: unknown): VezaError {
  return new VezaError('failed', `the file of waiting messages cannot be read back: ${problem}`, {cause})
}
