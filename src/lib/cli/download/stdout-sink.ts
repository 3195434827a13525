import {createHash, type Hash} from 'node:crypto'
import {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import type {Sink} from './transfer.js'

/** Stdout as the place of a file: what is written there cannot be taken back. */
export class StdoutSink implements Sink {
  readonly #io: Io
  readonly #hash: Hash | undefined
  #size = 0

  /** @param isHashed whether there is a hash to hold the bytes to; taking it is a third of all the work. */
  constructor(io: Io, isHashed: boolean) {
    this.#io = io
    this.#hash = isHashed ? createHash('sha256') : undefined
  }

  get size(): number {
    return this.#size
  }

  /** SHA-256 of what was written, in hex; undefined where it was not asked for. */
  get sha256(): string | undefined {
    return this.#hash?.copy().digest('hex')
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    this.#hash?.update(chunk)
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
