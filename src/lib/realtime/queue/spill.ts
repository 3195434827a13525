import type {FeedEvent, FeedItem} from '../feed/feed-types.js'
import {type Backlog, CAUGHT_UP_BELOW, CROWDED_AT, takeBatch} from './backlog.js'
import {openSpillFile, type SpillFile} from './spill-file.js'

/** A block has as many characters at least, and so as many bytes at least. */
const BLOCK_CHARS = 64 * 1024
/** The line of an event that stays in memory. */
const IN_MEMORY = '{}'

/** Where and how to spill. */
export interface SpillOptions {
  /** The folder of the file; made where it is missing. */
  readonly dir: string
  /** Told once, when the file cannot be written. What it tells also stands in the stream. */
  readonly onWarning?: ((message: string) => void) | undefined
  /** So many items wait in memory before the file is used. Default 1,000. */
  readonly memoryItems?: number
  /** Default 64 Ki. */
  readonly blockChars?: number
  /** Default: a real file. */
  readonly open?: (dir: string) => SpillFile
}

/**
 * The policy `spill`: the first 1,000 items wait in memory, those behind them as NDJSON in a file, the newest in a block
 * that is not written yet. A file that cannot be written, as on a full disk, makes the source wait in its place until the
 * reader has caught up; nothing is lost.
 */
export class SpillBacklog implements Backlog {
  readonly dropped = 0
  readonly #options: Required<Omit<SpillOptions, 'onWarning'>> & Pick<SpillOptions, 'onWarning'>
  /** Three parts, oldest first: items, lines in the file, lines of the block. */
  #head: FeedItem[] = []
  #onDisk = 0
  #block: string[] = []
  #blockChars = 0
  /** Events with an error: JSON would not bring that back. Oldest first, each for one line without it. */
  #events: FeedEvent[] = []
  #file: SpillFile | undefined
  #full = false
  #warned = false

  constructor(options: SpillOptions) {
    this.#options = {memoryItems: CROWDED_AT, blockChars: BLOCK_CHARS, open: openSpillFile, ...options}
  }

  get length(): number {
    return this.#head.length + this.#onDisk + this.#block.length
  }

  get stopsSource(): boolean {
    return this.#full
  }

  stopsHistory(): boolean {
    return this.#full
  }

  push(item: FeedItem): void {
    if (this.#onDisk + this.#block.length === 0 && this.#head.length < this.#options.memoryItems) {
      this.#head.push(item)
      return
    }
    const line = this.#encode(item)
    this.#block.push(line)
    this.#blockChars += line.length
    if (this.#blockChars >= this.#options.blockChars && !this.#full) this.#write()
  }

  take(): readonly FeedItem[] {
    if (this.#head.length === 0) this.#refill()
    const {batch, rest} = takeBatch(this.#head)
    this.#head = rest
    if (this.length < CAUGHT_UP_BELOW) this.#full = false
    return batch
  }

  close(): void {
    this.#file?.close()
    this.#file = undefined
    this.#head = []
    this.#onDisk = 0
    this.#clearBlock()
    this.#events = []
  }

  #write(): void {
    try {
      this.#file ??= this.#options.open(this.#options.dir)
      this.#file.append(`${this.#block.join('\n')}\n`)
    } catch (error) {
      this.#full = true
      this.#warn(error)
      return
    }
    this.#onDisk += this.#block.length
    this.#clearBlock()
  }

  #refill(): void {
    if (this.#file === undefined || this.#onDisk === 0) {
      this.#head = this.#block.map(line => this.#decode(line))
      this.#clearBlock()
      return
    }
    const lines = this.#file.read()
    this.#head = lines.map(line => this.#decode(line))
    this.#onDisk -= lines.length
    if (this.#onDisk === 0) this.#file.clear()
  }

  #encode(item: FeedItem): string {
    if (item.type !== 'event' || !('error' in item.event)) return JSON.stringify(item)
    this.#events.push(item.event)
    return IN_MEMORY
  }

  #decode(line: string): FeedItem {
    const event = line === IN_MEMORY ? this.#events.shift() : undefined
    return event === undefined ? (JSON.parse(line) as FeedItem) : {type: 'event', event}
  }

  #clearBlock(): void {
    this.#block = []
    this.#blockChars = 0
  }

  #warn(error: unknown): void {
    if (this.#warned) return
    this.#warned = true
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    const message = `cannot write what waits to ${this.#options.dir} (${code}): the server is made to wait instead`
    this.push({type: 'event', event: {type: 'warning', message}})
    this.#options.onWarning?.(message)
  }
}
