import {randomBytes} from 'node:crypto'
import {open, rename, rm} from 'node:fs/promises'
import {VezaError} from '../errors/veza-error.js'

/** As often as Prometheus scrapes by default, or more often. */
const EVERY_MS = 15_000
/** For whoever reads it, which is another account. */
const MODE = 0o644

/** What a metrics file needs. */
export interface MetricsFileOptions {
  readonly path: string
  readonly text: () => Promise<string>
  /** Told when the file cannot be written any more; once, until it can be again. */
  readonly onProblem: (text: string) => void
  /** Calls an action again and again; what it returns ends that. Default: a timer that keeps no process alive. */
  readonly repeat?: (action: () => void, everyMs: number) => () => void
}

/** Keeps a file for the textfile collector up to date: each 15 s and at the end, whole or not at all. */
export class MetricsFile {
  readonly #options: MetricsFileOptions
  #writing: Promise<void> | undefined
  #failed = false
  #stop = (): void => undefined

  private constructor(options: MetricsFileOptions) {
    this.#options = options
  }

  /** Writes it for the first time. @throws {VezaError} `usage` when it cannot be written. */
  static async open(options: MetricsFileOptions): Promise<MetricsFile> {
    const file = new MetricsFile(options)
    await write(options).catch(cause => {
      throw new VezaError('usage', unwritable(options.path, cause), {
        hint: 'give --metrics-file a path in a folder that exists and can be written',
        cause,
      })
    })
    file.#stop = (options.repeat ?? repeat)(() => void file.#again(), EVERY_MS)
    return file
  }

  /** Writes it for the last time. Never rejects. */
  async close(): Promise<void> {
    this.#stop()
    await this.#writing
    await this.#again()
  }

  /** A slow disk is not asked twice at once. */
  #again(): Promise<void> {
    this.#writing ??= this.#try().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async #try(): Promise<void> {
    const {onProblem, path} = this.#options
    try {
      await write(this.#options)
      this.#failed = false
    } catch (error) {
      if (!this.#failed) onProblem(unwritable(path, error))
      this.#failed = true
    }
  }
}

/** The collector reads names that end in .prom: the new text has another until it is whole. */
async function write({path, text}: Pick<MetricsFileOptions, 'path' | 'text'>): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx', MODE)
    try {
      await file.writeFile(await text())
      // The mask of the process may have taken rights away.
      await file.chmod(MODE)
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, {force: true}).catch(() => undefined)
    throw error
  }
}

function unwritable(path: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  return `cannot write the metrics file ${path} (${code})`
}

function repeat(action: () => void, everyMs: number): () => void {
  const timer = setInterval(action, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
