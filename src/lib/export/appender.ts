import {type FileHandle, open} from 'node:fs/promises'
import {onDisk} from './disk.js'

/** So much is collected before it is written. */
const CHUNK_CHARACTERS = 64 * 1024

/** Lines added to the end of a file, in large pieces. */
export class Appender {
  readonly #path: string
  #handle: FileHandle | undefined
  #pending: string[] = []
  #characters = 0
  #bytes: number

  /** `bytes`: how long the file is. */
  constructor(path: string, bytes: number) {
    this.#path = path
    this.#bytes = bytes
  }

  /** Length of the file with all that was added. */
  get bytes(): number {
    return this.#bytes
  }

  /** Adds a line. A promise where it has to be written first: await it. */
  add(line: string): Promise<void> | undefined {
    this.#pending.push(line)
    this.#characters += line.length
    this.#bytes += Buffer.byteLength(line) + 1
    return this.#characters < CHUNK_CHARACTERS ? undefined : this.#write()
  }

  /** Resolves when all lines are on the disk. @throws {VezaError} `failed`. */
  async sync(): Promise<void> {
    await this.#write()
    const handle = this.#handle
    if (handle !== undefined) await onDisk(this.#path, () => handle.datasync())
  }

  /** Lets go of the file; what was not synced may be lost. */
  async close(): Promise<void> {
    await this.#handle?.close()
    this.#handle = undefined
  }

  async #write(): Promise<void> {
    if (this.#pending.length === 0) return
    const text = `${this.#pending.join('\n')}\n`
    this.#pending = []
    this.#characters = 0
    await onDisk(this.#path, async () => {
      this.#handle ??= await open(this.#path, 'a', 0o600)
      await this.#handle.appendFile(text)
    })
  }
}
