import {type FileHandle, open} from 'node:fs/promises'
import {errnoOf} from '../../errors/errno.js'
import {VezaError} from '../../errors/veza-error.js'

/** A record, such as a message, whose hook kept failing, as one line of NDJSON. */
export interface DeadLetter {
  readonly record: unknown
  /** Why the last try failed. */
  readonly error: string
  readonly attempts: number
  /** When it was given up, RFC 3339. */
  readonly at: string
}

/** A file of records whose hooks kept failing, for a person or a script to go through later. */
export class DeadLetters {
  readonly path: string
  readonly #file: FileHandle
  #last: Promise<void> = Promise.resolve()

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.#file = file
  }

  /**
   * Opens the file to append to, or makes it with mode 0600.
   * @throws {VezaError} `usage` where it cannot be written.
   */
  static async open(path: string): Promise<DeadLetters> {
    try {
      return new DeadLetters(path, await open(path, 'a', 0o600))
    } catch (cause) {
      throw new VezaError('usage', `cannot write the dead-letter file ${path} (${errnoOf(cause)})`, {cause})
    }
  }

  /**
   * Resolves once the disk has the line. Lines of several at once come one after the other.
   * @throws {VezaError} `failed` where it cannot be written, such as on a full disk; then no part of the line is left.
   */
  append(letter: DeadLetter): Promise<void> {
    const writing = this.#last.then(() => this.#append(`${JSON.stringify(letter)}\n`))
    this.#last = writing.catch(() => undefined)
    return writing
  }

  async close(): Promise<void> {
    await this.#last
    await this.#file.close()
  }

  async #append(line: string): Promise<void> {
    const {size} = await this.#file.stat()
    try {
      await this.#file.appendFile(line)
      await this.#sync()
    } catch (cause) {
      await this.#file.truncate(size).catch(() => undefined)
      throw new VezaError('failed', `cannot write the dead-letter file ${this.path} (${errnoOf(cause)})`, {
        cause,
      })
    }
  }

  /** A pipe or a device has nothing to sync. */
  async #sync(): Promise<void> {
    try {
      await this.#file.sync()
    } catch (error) {
      if (errnoOf(error) !== 'EINVAL') throw error
    }
  }
}
