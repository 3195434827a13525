import {createHash} from 'node:crypto'
import {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import type {Sink} from './transfer.js'

/** Stdout as the place of a file: what is written there cannot be taken back. */
export class StdoutSink implements Sink {
  readonly #io: Io
  readonly #hash = createHash('sha256')
  #size = 0

  constructor(io: Io) {
    this.#io = io
  }

  get size(): number {
    return this.#size
  }

  /** SHA-256 of what was written, in hex. */
  get sha256(): string {
    return this.#hash.copy().digest('hex')
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    this.#hash.update(chunk)
    this.#size += chunk.length
    return this.#io.writeBytes(chunk)
  }

  async restart(): Promise<void> {
    throw new VezaError(
      'unreachable',
      `the connection broke, and the file cannot be taken up again after the ${this.#size} bytes that are written`,
      {
        hint: 'it changed, or the server does not tell whether it did: begin anew, best to a file with --output FILE',
      },
    )
  }
}
