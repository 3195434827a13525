import {Worker} from 'node:worker_threads'
import {VezaError} from '../../errors/veza-error.js'
import type {JqAnswer, JqWorkerData} from './jq-protocol.js'

/** A filter that has taken so long for one document will not end. */
const DEADLINE_MS = 30_000

/** A filter and what runs it. */
export interface JqOptions {
  readonly filter: string
  /** The bundle of `jq-worker.ts`. */
  readonly workerFile: string
  /** Longest time for one document; 30 s by default. */
  readonly deadlineMs?: number
  /** Ends the filter when the command must end. */
  readonly signal?: AbortSignal | undefined
  /** Gets each line that jq tells beside its results, such as by `debug`. Hostile. */
  readonly onNote?: (text: string) => void
}

/** jq's own exit codes. */
const COMPILE_ERROR = 3

/** Not a value and its end, but what was being read: it may be all of a token. */
const WHILE_PARSING = /\s*\(while parsing '[\s\S]*'\)/

/** A jq filter in a thread of its own. */
export class JqFilter {
  readonly #options: JqOptions
  readonly #worker: Worker
  #failure: unknown
  /** Who waits for an answer. */
  #asking: {resolve(answer: JqAnswer): void; reject(error: unknown): void} | undefined
  /** One document at a time, in their order. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(options: JqOptions) {
    this.#options = options
    const workerData: JqWorkerData = {filter: options.filter}
    this.#worker = new Worker(options.workerFile, {
      workerData,
      env: {},
      execArgv: [],
      stderr: true,
      stdout: true,
    })
    this.#worker
      .on('message', (answer: JqAnswer) => this.#asking?.resolve(answer))
      .on('error', error => this.#asking?.reject(crashed(error)))
      .on('exit', () => this.#asking?.reject(crashed(undefined)))
    // A thread that waits for the next document keeps no process.
    this.#worker.unref()
  }

  /** Reads the filter, without running it. @throws {VezaError} `usage` for a mistake in its syntax. */
  static async open(options: JqOptions): Promise<JqFilter> {
    const filter = new JqFilter(options)
    // The thread starts meanwhile: that is no time of the filter.
    await filter.#run('', DEADLINE_MS)
    return filter
  }

  /**
   * The JSON texts of what the filter makes of a document.
   * @throws {VezaError} `failed` where it fails on it, `timeout` at its deadline; the reason of the signal. After that,
   * always the same.
   */
  run(json: string): Promise<readonly string[]> {
    const {deadlineMs = DEADLINE_MS} = this.#options
    const results = this.#last.then(() => this.#run(wellFormed(json), deadlineMs))
    // Who does not await each document learns of a failure with the last.
    this.#last = results.catch(() => undefined)
    return results
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#failure ??= new VezaError('failed', '--jq was ended')
    await this.#worker.terminate()
  }

  async #run(json: string, deadlineMs: number): Promise<readonly string[]> {
    if (this.#failure !== undefined) throw this.#failure
    try {
      const answer = await this.#ask(json, deadlineMs)
      if ('failed' in answer) throw failure(answer.failed)
      for (const note of linesOf(answer.notes)) this.#options.onNote?.(note)
      return linesOf(answer.results)
    } catch (error) {
      this.#failure = error
      await this.close()
      throw error
    }
  }

  async #ask(json: string, deadlineMs: number): Promise<JqAnswer> {
    const {signal} = this.#options
    signal?.throwIfAborted()
    let timer: NodeJS.Timeout | undefined
    const onAbort = (): void => this.#asking?.reject(signal?.reason)
    try {
      return await new Promise<JqAnswer>((resolve, reject) => {
        this.#asking = {resolve, reject}
        timer = setTimeout(() => reject(overdue(deadlineMs)), deadlineMs)
        signal?.addEventListener('abort', onAbort)
        this.#worker.ref()
        this.#worker.postMessage(json)
      })
    } finally {
      this.#asking = undefined
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      this.#worker.unref()
    }
  }
}

/** Half a character is escaped in JSON, and jq refuses it: one such message would hide a whole list. */
function wellFormed(json: string): string {
  if (!json.includes('\\ud')) return json
  return json.replace(/\\\\|\\ud[89a-f][\da-f]{2}/g, part => (part === '\\\\' ? part : '\ufffd'))
}

function linesOf(text: string): string[] {
  return text.split('\n').filter(line => line !== '')
}

function overdue(deadlineMs: number): VezaError {
  return new VezaError('timeout', `--jq took longer than ${deadlineMs / 1000} s`, {
    hint: 'a filter without an end? for very much data: --json | jq',
  })
}

function crashed(cause: unknown): VezaError {
  return new VezaError('failed', '--jq broke down', {hint: 'try --json | jq', cause})
}

/** By what jq says: `jq: error (at inputString:0): Cannot index number with "b"`. */
function failure({
  exitCode,
  stderr,
}: {
  readonly exitCode: number | undefined
  readonly stderr: string
}): VezaError {
  const [line = ''] = stderr.split('\n')
  const said = line
    .replace(/^jq: error(?: \(at [^)]*\))?:?\s*/, '')
    .replace(/ \(Unix shell quoting issues\?\)/, '')
    .replace(/ at <top-level>/, '')
    .replace(WHILE_PARSING, '')
    .replace(/[,:]\s*$/, '')
  if (exitCode === COMPILE_ERROR && /compile error/.test(stderr))
    return new VezaError('usage', `--jq: ${said}`, {hint: 'a filter of jq, such as .[].name, in quotes'})
  if (exitCode === undefined)
    return new VezaError('failed', '--jq: there is not enough memory for this filter')
  return new VezaError('failed', `--jq: ${said || 'the filter failed'}`)
}
