import type {VezaError} from '../../errors/veza-error.js'
import type {Confirmation, Journal} from './journal.js'
import type {BatchResult, Pending} from './types.js'

/** Who is told of results. */
export interface ResultsOptions {
  readonly journal: Journal | undefined
  /** Whether a message that the server refuses, or a line that is none, leaves the batch going. */
  readonly keepsGoing: boolean
  /** Results in the order of the input. A promise where the reader is slower. */
  readonly show: (results: readonly BatchResult[]) => Promise<void> | undefined
}

/** How much of a batch is done. */
export interface BatchCounts {
  readonly created: number
  /** Sent by an earlier run. */
  readonly duplicates: number
  /** Refused by the server, or no message at all. */
  readonly failed: number
}

/** A failure, and the message it is about where it is about one. */
export interface BatchFailure {
  readonly error: unknown
  readonly line?: number | undefined
}

/** Errors that speak of one message and not of all. */
export const OF_ONE_MESSAGE: ReadonlySet<string> = new Set(['usage', 'refused', 'file_too_large'])

/** Brings the results of messages, in whatever order they come, into the order of the input, and keeps the counts. */
export class Results {
  readonly #options: ResultsOptions
  #waiting: Pending[] = []
  #created = 0
  #duplicates = 0
  #failed = 0
  #first: BatchFailure | undefined
  #final: BatchFailure | undefined

  constructor(options: ResultsOptions) {
    this.#options = options
  }

  /** Messages that were added and are not shown yet. */
  get waiting(): number {
    return this.#waiting.length
  }

  get counts(): BatchCounts {
    return {created: this.#created, duplicates: this.#duplicates, failed: this.#failed}
  }

  /** What ends the batch: nothing more is sent. */
  get final(): BatchFailure | undefined {
    return this.#final
  }

  /** The first failure, of those that left it going, too. */
  get first(): BatchFailure | undefined {
    return this.#first
  }

  /** The next message of the input. */
  add(pending: Pending): void {
    this.#waiting.push(pending)
  }

  /** A message has its result. */
  settle(pending: Pending, result: BatchResult): void {
    pending.result = result
    if ('error' in result) this.#fail(result.error, pending)
  }

  /** Ends the batch: what is on its way is waited for, nothing more is sent. */
  end(error: unknown, line?: number): void {
    this.#final ??= {error, line}
    this.#first ??= this.#final
  }

  /** Shows the results that have none missing before them, once the journal has them. */
  async emit(): Promise<void> {
    const missing = this.#waiting.findIndex(({result}) => result === undefined)
    const settled = this.#waiting.splice(0, missing === -1 ? this.#waiting.length : missing)
    if (settled.length === 0) return
    try {
      this.#options.journal?.append(settled.flatMap(confirmationOf))
    } catch (error) {
      this.end(error)
    }
    await this.#show(settled)
  }

  /** Shows the rest, after a failure: what was sent and has no result is `unknown`. */
  async close(): Promise<void> {
    await this.emit()
    const sent = this.#waiting.splice(0).filter(({sentAfterId}) => sentAfterId !== undefined)
    for (const pending of sent) pending.result ??= unknownResult(pending)
    await this.#show(sent)
  }

  async #show(settled: readonly Pending[]): Promise<void> {
    const results = settled.flatMap(({result}) => (result === undefined ? [] : [result]))
    for (const result of results) {
      if ('error' in result) this.#failed += 1
      else if (result.outcome === 'created') this.#created += 1
      else if (result.outcome === 'duplicate') this.#duplicates += 1
    }
    if (results.length > 0) await this.#options.show(results)
  }

  #fail(error: VezaError, {record}: Pending): void {
    this.#first ??= {error, line: record.line}
    const repliesTo = 'parentId' in record && record.parentId !== undefined
    const isOfOne = OF_ONE_MESSAGE.has(error.code) || (error.code === 'not_found' && repliesTo)
    if (!this.#options.keepsGoing || !isOfOne) this.end(error, record.line)
  }
}

function confirmationOf({record, result}: Pending): readonly Confirmation[] {
  if (result === undefined || 'error' in result || result.id === undefined || 'error' in record) return []
  return result.isInJournal === true ? [] : [{record, id: result.id}]
}

function unknownResult({record: {index, line}, clientId}: Pending): BatchResult {
  return {index, line, outcome: 'unknown', clientId}
}
