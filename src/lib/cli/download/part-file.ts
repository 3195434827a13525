import {createHash, type Hash} from 'node:crypto'
import {constants} from 'node:fs'
import {type FileHandle, open} from 'node:fs/promises'
import {VezaError} from '../../errors/veza-error.js'
import type {Sink} from './transfer.js'
import {writeError} from './write-error.js'

/** A thread does each read and write, and the way there costs more than either. */
const CHUNK_BYTES = 1024 * 1024
const {O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW = 0} = constants

/** A file that is coming in. One write is under way while the next bytes are taken, so memory stays flat. */
export class PartFile implements Sink {
  readonly path: string
  readonly #handle: FileHandle
  #hash: Hash
  #size: number
  #pending: Uint8Array[] = []
  #pendingBytes = 0
  #writing: Promise<void> = Promise.resolve()
  #inheritedBytes: number
  #isOpen = true

  private constructor(path: string, handle: FileHandle, hash: Hash, size: number) {
    this.path = path
    this.#handle = handle
    this.#hash = hash
    this.#size = size
    this.#inheritedBytes = size
  }

  /**
   * Opens a part, with what an earlier run left in it; `isNew`: there must be none yet. A link is never followed: in a folder
   * that others may write to, it could lead to any file of ours.
   * @throws {VezaError} `file_unwritable` where it cannot be opened, or is no file of our own.
   */
  static async open(path: string, isNew: boolean): Promise<PartFile> {
    try {
      const handle = await open(path, O_RDWR | O_CREAT | O_NOFOLLOW | (isNew ? O_EXCL : 0), 0o666)
      try {
        return await PartFile.#read(path, handle)
      } catch (error) {
        await handle.close()
        throw error
      }
    } catch (cause) {
      throw writeError(cause, path)
    }
  }

  static async #read(path: string, handle: FileHandle): Promise<PartFile> {
    const facts = await handle.stat()
    const isForeign = process.getuid !== undefined && facts.uid !== process.getuid()
    if (!facts.isFile() || facts.nlink > 1 || isForeign) {
      throw new VezaError('file_unwritable', `${path} is not a part that veza left`, {hint: 'remove it'})
    }
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
    let size = 0
    for (;;) {
      const {bytesRead} = await handle.read(buffer, 0, buffer.length, size)
      if (bytesRead === 0) return new PartFile(path, handle, hash, size)
      hash.update(buffer.subarray(0, bytesRead))
      size += bytesRead
    }
  }

  get size(): number {
    return this.#size
  }

  /** How many of its bytes an earlier run brought. */
  get inheritedBytes(): number {
    return this.#inheritedBytes
  }

  /** SHA-256 of what it has, in hex. */
  get sha256(): string {
    return this.#hash.copy().digest('hex')
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    this.#hash.update(chunk)
    this.#size += chunk.length
    this.#pending.push(chunk)
    this.#pendingBytes += chunk.length
    return this.#pendingBytes < CHUNK_BYTES ? undefined : this.#handOver()
  }

  async restart(): Promise<void> {
    await this.#writing
    this.#pending = []
    this.#pendingBytes = 0
    await this.#handle.truncate(0).catch(cause => this.#fail(cause))
    this.#hash = createHash('sha256')
    this.#size = 0
    this.#inheritedBytes = 0
  }

  /** Writes what is left, and waits until the disk has all of it. @throws {VezaError} as a write. */
  async sync(): Promise<void> {
    await this.#handOver()
    await this.#writing
    await this.#handle.sync().catch(cause => this.#fail(cause))
  }

  /** Writes what is left, as far as that can be, and closes the file. Once is enough. */
  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#handOver().catch(() => undefined)
    await this.#writing.catch(() => undefined)
    await this.#handle.close()
  }

  async #handOver(): Promise<void> {
    await this.#writing
    const bytes = Buffer.concat(this.#pending)
    this.#pending = []
    this.#pendingBytes = 0
    this.#writing = this.#writeOut(bytes, this.#size - bytes.length).catch(cause => this.#fail(cause))
    // Whoever awaits it next learns of a failure; nobody may.
    this.#writing.catch(() => undefined)
  }

  async #writeOut(bytes: Buffer, position: number): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const {bytesWritten} = await this.#handle.write(bytes, at, bytes.length - at, position + at)
      at += bytesWritten
    }
  }

  #fail(cause: unknown): never {
    throw writeError(cause, this.path)
  }
}
