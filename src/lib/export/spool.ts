import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {Appender} from './appender.js'
import {onDisk} from './disk.js'
import {SPOOL} from './names.js'
import {type LineBefore, readLinesBackwards} from './read-lines.js'

/** Messages as they come, newest first, until they can be turned round: one as JSON a line. */
export class Spool {
  readonly #path: string
  readonly #file: Appender

  /** `bytes`: how much of it counts. */
  constructor(folder: string, bytes: number) {
    this.#path = join(folder, SPOOL)
    this.#file = new Appender(this.#path, bytes)
  }

  /** Adds a message. A promise where it has to be written first: await it. @throws {VezaError} `failed`. */
  push(json: string): Promise<void> | undefined {
    return this.#file.add(json)
  }

  /** Brings all to the disk; resolves to its length. @throws {VezaError} `failed`. */
  async sync(): Promise<number> {
    await this.#file.sync()
    return this.#file.bytes
  }

  /** The messages from the last one added to the first, some at a time. */
  backwards(): AsyncGenerator<LineBefore[]> {
    return readLinesBackwards(this.#path, this.#file.bytes)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async remove(): Promise<void> {
    await this.close()
    await onDisk(this.#path, () => rm(this.#path, {force: true}))
  }
}
