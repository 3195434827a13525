import {isUtf8} from 'node:buffer'
import {VezaError} from '../../errors/veza-error.js'
import {invalidUtf8Offset} from '../utf8.js'

/** No server takes a message of this size: a stream without line breaks is noticed. */
const MAX_LINE_BYTES = 1024 * 1024
const LF = 0x0a
const CR = 0x0d
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** A line of the input, from 1, without its end; or why it is no text. */
export type Line = {readonly number: number} & ({readonly text: string} | {readonly error: VezaError})

/**
 * Cuts bytes into lines, as many at a time as have come, and checks them: UTF-8, no NUL. A byte order mark at the start is
 * left out; CRLF ends a line as LF does; the last line needs no end. A line that is no UTF-8 comes as an error with the
 * offset of its first bad byte.
 * @throws {VezaError} `usage` for a NUL, since that is no text at all, before any line of the same piece; `refused` for a
 * line above 1 MiB; what the source throws.
 */
export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<readonly Line[]> {
  const cutter = new LineCutter(name)
  for await (const bytes of source) {
    const lines = cutter.add(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    if (lines.length > 0) yield lines
  }
  const last = cutter.end()
  if (last.length > 0) yield last
}

class LineCutter {
  readonly #name: string
  #rest: Buffer[] = []
  #restBytes = 0
  /** Of the first byte that is not cut yet. */
  #offset = 0
  #number = 0

  constructor(name: string) {
    this.#name = name
  }

  add(bytes: Buffer): readonly Line[] {
    const nul = bytes.indexOf(0)
    if (nul !== -1) throw this.#binary(this.#offset + this.#restBytes + nul)
    const end = bytes.lastIndexOf(LF)
    if (end === -1) {
      this.#keep(bytes)
      return []
    }
    const block = Buffer.concat([...this.#rest, bytes.subarray(0, end)])
    this.#rest = []
    this.#restBytes = 0
    const lines = this.#cut(block)
    this.#offset += block.length + 1
    this.#keep(bytes.subarray(end + 1))
    return lines
  }

  end(): readonly Line[] {
    return this.#restBytes === 0 ? [] : this.#cut(Buffer.concat(this.#rest))
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#rest.push(bytes)
    this.#restBytes += bytes.length
    if (this.#restBytes > MAX_LINE_BYTES)
      throw new VezaError('refused', `line ${this.#number + 1} of ${this.#name} is longer than 1 MiB`, {
        hint: 'no message may be so long; send it as a file: veza files upload',
      })
  }

  #cut(block: Buffer): readonly Line[] {
    const hasMark = this.#number === 0 && block.subarray(0, 3).equals(BOM)
    const body = hasMark ? block.subarray(3) : block
    if (!isUtf8(body)) return this.#cutEach(body, this.#offset + (hasMark ? 3 : 0))
    return body
      .toString('utf8')
      .split('\n')
      .map(line => ({number: ++this.#number, text: line.endsWith('\r') ? line.slice(0, -1) : line}))
  }

  /** The slow way: some of these lines are no UTF-8. */
  #cutEach(block: Buffer, offset: number): readonly Line[] {
    const lines: Line[] = []
    for (let start = 0; start <= block.length; ) {
      const found = block.indexOf(LF, start)
      const end = found === -1 ? block.length : found
      const line = block.subarray(start, end > start && block[end - 1] === CR ? end - 1 : end)
      this.#number += 1
      lines.push(
        isUtf8(line)
          ? {number: this.#number, text: line.toString('utf8')}
          : {number: this.#number, error: this.#invalid(offset + start + invalidUtf8Offset(line))},
      )
      start = end + 1
    }
    return lines
  }

  #invalid(offset: number): VezaError {
    return new VezaError('usage', `${this.#name} is not UTF-8 there: byte ${offset} does not fit`, {
      hint: 'convert it first, such as with: iconv -t UTF-8',
    })
  }

  #binary(offset: number): VezaError {
    return new VezaError('usage', `${this.#name} is no text: byte ${offset} is NUL`, {
      hint: 'send it as a file: veza files upload',
    })
  }
}
