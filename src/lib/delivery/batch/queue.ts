import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Input} from './input.js'
import type {Journal} from './journal.js'
import type {Results} from './results.js'
import type {BatchRecord, Pending, Sendable} from './types.js'

/** What the queue is made of. */
export interface QueueOptions {
  readonly input: Input
  readonly results: Results
  readonly journal: Journal | undefined
  /** What earlier runs have sent, by `client_id`, where the journal does not say it. */
  readonly found: ReadonlyMap<string, Message>
  readonly clientIdOf: (record: BatchRecord) => string
}

/** The messages that are to be sent, in the order of the input; what needs no sending gets its result on the way. */
export class Queue {
  readonly #options: QueueOptions
  #returned: Sendable[] = []
  #count = 0

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** Messages of the input until now. */
  get count(): number {
    return this.#count
  }

  /** Messages that were put back: they count among those that wait for a result already. */
  get returned(): number {
    return this.#returned.length
  }

  /** Nothing is left to be sent, and nothing will come. */
  get ended(): boolean {
    return this.#returned.length === 0 && this.#options.input.ended
  }

  /** The next message at hand. Undefined also after a failure that ends the batch. */
  shift(): Sendable | undefined {
    const {input, results} = this.#options
    if (results.final !== undefined) return undefined
    const returned = this.#returned.shift()
    if (returned !== undefined) return returned
    for (let record = input.shift(); record !== undefined; record = input.shift()) {
      this.#count = record.index
      if ('error' in record) {
        const pending: Pending = {record, clientId: '', alone: false}
        results.add(pending)
        results.settle(pending, record)
      } else {
        const pending: Sendable = {record, clientId: this.#options.clientIdOf(record), alone: false}
        if (!this.#isSent(pending)) return pending
      }
      if (results.final !== undefined) return undefined
    }
    return undefined
  }

  /** Puts messages back to the head, in their order. */
  back(pendings: readonly Sendable[]): void {
    this.#returned = [...pendings, ...this.#returned]
  }

  /** Resolves when there is a message at hand, or none will come. A failing input ends the batch. */
  async fill(): Promise<void> {
    if (this.#returned.length > 0) return
    try {
      await this.#options.input.fill()
    } catch (error) {
      this.#options.results.end(error)
    }
  }

  /** Adds the message to those that get a result; an earlier run may have seen to that. */
  #isSent(pending: Sendable): boolean {
    const {results, journal, found} = this.#options
    const {record, clientId} = pending
    const {index, line} = record
    try {
      const confirmed = journal?.confirmedId(record)
      const sent = confirmed === undefined ? found.get(clientId) : undefined
      if (sent !== undefined) journal?.assertSame(record, sent)
      const id = confirmed ?? sent?.id
      results.add(pending)
      if (id === undefined) return false
      const isInJournal = confirmed !== undefined
      results.settle(pending, {index, line, outcome: 'duplicate', id, clientId, isInJournal})
      return true
    } catch (error) {
      if (!(error instanceof VezaError)) throw error
      results.end(error)
      return true
    }
  }
}
