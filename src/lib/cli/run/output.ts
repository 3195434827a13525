import type {Readable} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import type {Io, OutputStream} from '../../output/io.js'
import {passThrough} from '../../output/pass-through.js'
import type {Child} from './child.js'
import {LastOutput} from './last-output.js'
import {LogFile} from './log-file.js'
import {WholeLines} from './whole-lines.js'

/** A log is never larger, where a server takes files of any size. */
const MAX_LOG_BYTES = 100 * 1024 * 1024
/** What a command has written before its end is read at once. Who still holds its pipes after that goes on without us. */
const QUIET_MS = 250
const LONGEST_DRAIN_MS = 2000

/** The output of a command: passed through as it is, and kept as far as it may be told of. */
export class Output {
  readonly last = new LastOutput()
  /** Undefined where none is wanted. */
  readonly log: LogFile | undefined
  readonly #sources: readonly Readable[]
  readonly #lines: WholeLines[] = []
  readonly #passed: Promise<unknown>
  #chunks = 0

  /** @param log how large it may be; 0: as large as it makes sense. */
  constructor({stdout, stderr}: Child, io: Io, log: {readonly maxBytes: number} | undefined) {
    this.log = log && new LogFile(log.maxBytes === 0 ? MAX_LOG_BYTES : log.maxBytes)
    this.#sources = [stdout, stderr].filter(source => source !== undefined)
    const passes = [this.#pass(stdout, io.stdout), this.#pass(stderr, io.stderr)]
    this.#passed = Promise.all(passes)
  }

  /** Resolves when all that the command has written is passed on; to be called when it has ended. */
  async drained(): Promise<void> {
    let seen = -1
    for (let waitedMs = 0; waitedMs < LONGEST_DRAIN_MS && this.#chunks !== seen; waitedMs += QUIET_MS) {
      seen = this.#chunks
      if (await this.#isPassedWithin(QUIET_MS)) break
      // A slow reader of ours is no silence of theirs.
      if (this.#sources.some(source => source.isPaused())) seen = -1
    }
    for (const source of this.#sources) source.destroy()
    await this.#passed
    for (const lines of this.#lines) lines.end()
  }

  close(): void {
    this.log?.close()
  }

  async #pass(source: Readable | undefined, target: OutputStream): Promise<void> {
    if (source === undefined) return
    const lines = new WholeLines(part => {
      this.last.push(part)
      this.log?.append(part)
    })
    this.#lines.push(lines)
    const onChunk = (chunk: Buffer): void => {
      this.#chunks += 1
      lines.push(chunk)
    }
    await passThrough({source, target, onChunk})
  }

  async #isPassedWithin(limitMs: number): Promise<boolean> {
    const over = new AbortController()
    const limit = sleep(limitMs, false, {signal: over.signal}).catch(() => false)
    const isPassed = await Promise.race([this.#passed.then(() => true), limit])
    over.abort()
    return isPassed
  }
}
