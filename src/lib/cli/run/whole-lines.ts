/** A line that has no end in sight is handed on in parts. */
const LONGEST_LINE = 64 * 1024
const LINE_FEED = 0x0a

/**
 * Gathers the bytes of one stream and hands them on by whole lines: so the lines of two streams can be put together,
 * and a secret that comes in two pieces is never between them.
 */
export class WholeLines {
  readonly #onLines: (lines: Buffer) => void
  #pending: Buffer[] = []
  #pendingBytes = 0

  constructor(onLines: (lines: Buffer) => void) {
    this.#onLines = onLines
  }

  push(chunk: Buffer): void {
    const end = chunk.lastIndexOf(LINE_FEED) + 1
    if (end > 0) {
      this.#keep(chunk.subarray(0, end))
      this.end()
    }
    if (end < chunk.length) this.#keep(chunk.subarray(end))
    if (this.#pendingBytes >= LONGEST_LINE) this.end()
  }

  /** Hands on what has no line break yet. */
  end(): void {
    const [first] = this.#pending
    if (first === undefined) return
    this.#onLines(this.#pending.length === 1 ? first : Buffer.concat(this.#pending))
    this.#pending = []
    this.#pendingBytes = 0
  }

  #keep(part: Buffer): void {
    this.#pending.push(part)
    this.#pendingBytes += part.length
  }
}
