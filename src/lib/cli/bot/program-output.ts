import type {Readable} from 'node:stream'

/** Of what a program prints, so many bytes are taken, */
const MOST_BYTES = 64 * 1024
/** and of what it complains of, so many: the last ones say why it failed. */
const MOST_COMPLAINT_BYTES = 4096

/** What comes out of a program, up to 64 KiB; the rest is read, so that the program can end, and dropped. */
export class Output {
  readonly flooded: Promise<'flooded'>
  readonly ended: Promise<void>
  readonly #chunks: Buffer[] = []
  #size = 0

  constructor(stream: Readable) {
    this.flooded = new Promise(resolve => {
      stream.on('data', (chunk: Buffer) => {
        this.#take(chunk)
        if (this.isCut) resolve('flooded')
      })
    })
    this.ended = new Promise(resolve => {
      stream.once('close', resolve)
    })
    stream.on('error', () => undefined)
  }

  get isCut(): boolean {
    return this.#size > MOST_BYTES
  }

  /** Bytes that are no UTF-8 are shown as such. */
  get text(): string {
    return Buffer.concat(this.#chunks).subarray(0, MOST_BYTES).toString('utf8')
  }

  #take(chunk: Buffer): void {
    if (!this.isCut) this.#chunks.push(chunk)
    this.#size += chunk.length
  }
}

/** What a program writes to stderr: the last 4 KiB, however much it is. */
export class Complaints {
  readonly ended: Promise<void>
  #last: Buffer = Buffer.alloc(0)

  constructor(stream: Readable) {
    this.ended = new Promise(resolve => {
      stream.once('close', resolve)
    })
    stream.on('error', () => undefined)
    stream.on('data', (chunk: Buffer) => {
      this.#last = Buffer.concat([this.#last, chunk]).subarray(-MOST_COMPLAINT_BYTES)
    })
  }

  get text(): string {
    return this.#last.toString('utf8')
  }
}
