import {randomUUID} from 'node:crypto'
import {closeSync, openSync, readSync, unlinkSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const READ_BYTES = 64 * 1024

/**
 * The end of an output, on disk: at most `maxBytes`, the oldest is written over. The file can be read by this user
 * alone and has no name from the moment it is open (but on Windows), so nothing of it outlives this process.
 */
export class LogFile {
  readonly #maxBytes: number
  readonly #folder: string
  #file: {readonly fd: number; readonly path: string} | undefined
  #written = 0
  #failure: string | undefined

  /** @param folder default: the system's folder for temporary files. */
  constructor(maxBytes: number, folder: string = tmpdir()) {
    this.#maxBytes = maxBytes
    this.#folder = folder
  }

  /** Whether there is nothing in it. */
  get isEmpty(): boolean {
    return this.#written === 0
  }

  /** Adds bytes. Where that fails, as on a full disk, the log ends there. */
  append(bytes: Buffer): void {
    if (this.#failure !== undefined) return
    try {
      this.#file ??= this.#open()
      for (let at = 0; at < bytes.length; ) {
        const offset = this.#written % this.#maxBytes
        const length = Math.min(bytes.length - at, this.#maxBytes - offset)
        const count = writeSync(this.#file.fd, bytes, at, length, offset)
        at += count
        this.#written += count
      }
    } catch (error) {
      this.#failure = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    }
  }

  /** What is in it, oldest first, with a line where something is missing. What is left of a cut line is not shown. */
  *read(): Iterable<Buffer> {
    const left = this.#written - this.#maxBytes
    const size = Math.min(this.#written, this.#maxBytes)
    const start = left > 0 ? this.#written % this.#maxBytes : 0
    const cut = left > 0 ? this.#cutLength(start, Math.min(READ_BYTES, size)) : 0
    if (left > 0) yield Buffer.from(`[the first ${left + cut} bytes are left out]\n`)
    for (let at = cut; at < size; ) {
      const offset = (start + at) % this.#maxBytes
      const chunk = this.#chunkAt(offset, Math.min(READ_BYTES, size - at, this.#maxBytes - offset))
      if (chunk.length === 0) break
      yield chunk
      at += chunk.length
    }
    if (this.#failure !== undefined) yield Buffer.from(`\n[the rest could not be kept: ${this.#failure}]\n`)
  }

  close(): void {
    if (this.#file === undefined) return
    closeSync(this.#file.fd)
    if (process.platform === 'win32') unlinkSync(this.#file.path)
    this.#file = undefined
  }

  #open(): {readonly fd: number; readonly path: string} {
    const path = join(this.#folder, `veza-run-${randomUUID()}.log`)
    const fd = openSync(path, 'wx+', 0o600)
    if (process.platform !== 'win32') unlinkSync(path)
    return {fd, path}
  }

  /** The length of the line that begins before the log does, which may be the rest of a secret; at most `limit`. */
  #cutLength(start: number, limit: number): number {
    const first = this.#chunkAt(start, Math.min(limit, this.#maxBytes - start))
    const bytes = Buffer.concat([first, this.#chunkAt(0, limit - first.length)])
    const end = bytes.indexOf('\n')
    return end === -1 ? bytes.length : end + 1
  }

  #chunkAt(offset: number, length: number): Buffer {
    if (this.#file === undefined) return Buffer.alloc(0)
    const chunk = Buffer.allocUnsafe(length)
    return chunk.subarray(0, readSync(this.#file.fd, chunk, 0, length, offset))
  }
}
