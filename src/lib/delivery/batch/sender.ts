import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Channel} from '../../realtime/channel.js'
import type {ReadRows} from '../../realtime/feed/trail.js'
import {type DeliverOptions, deliver} from '../deliver.js'
import type {Outgoing, Receipt} from '../types.js'
import {findMany} from './find-many.js'
import type {Queue} from './queue.js'
import type {Results} from './results.js'
import type {Sendable} from './types.js'

/** Before what is missing is sent again: a server that was only slow has it by the second. */
const LOOKS = 2

/** What sending needs, whichever way a message takes. */
export interface SenderOptions {
  readonly place: Channel
  readonly queue: Queue
  readonly results: Results
  readonly delivery: DeliverOptions
  /** Sends what has a key of its own. */
  readonly sendKeyed: (outgoing: Outgoing) => Promise<Receipt>
  /** Reads history of the place. */
  readonly read: ReadRows
  readonly signal: AbortSignal
}

/** Sends single messages over REST, and finds out what became of those whose answer was lost. */
export class Sender {
  readonly place: Channel
  readonly queue: Queue
  readonly results: Results
  readonly signal: AbortSignal
  readonly #options: SenderOptions
  #highestId: number | undefined
  #me: number | undefined

  constructor(options: SenderOptions) {
    this.#options = options
    this.place = options.place
    this.queue = options.queue
    this.results = options.results
    this.signal = options.signal
  }

  /** The highest id of a message of this batch; undefined before the first. */
  get highestId(): number | undefined {
    return this.#highestId
  }

  /** The message has arrived. */
  arrived(pending: Sendable, id: number): void {
    const {record, clientId} = pending
    const {index, line} = record
    this.#highestId = Math.max(this.#highestId ?? 0, id)
    this.results.settle(pending, {index, line, outcome: 'created', id, clientId})
  }

  /** Sends one message with nothing else on its way, and settles it. Throws what is a bug of ours. */
  async sendAlone(pending: Sendable): Promise<void> {
    const {record} = pending
    const {index, line, key} = record
    pending.sentAfterId ??= this.#highestId ?? 0
    const outgoing = outgoingOf(pending, this.place)
    const {delivery, sendKeyed} = this.#options
    try {
      this.#receive(pending, await (key === undefined ? deliver(outgoing, delivery) : sendKeyed(outgoing)))
    } catch (error) {
      if (this.signal.aborted) this.results.end(this.signal.reason)
      else if (error instanceof VezaError) this.results.settle(pending, {index, line, error})
      else throw error
    }
  }

  /**
   * Looks in history for messages whose answers were lost, until two looks agree. Those that are there are settled, the
   * rest goes back to the head of the queue. Throws what the reading of history throws.
   */
  async recover(inFlight: Map<string, Sendable>): Promise<void> {
    const {effects, firstDelayMs = 500, maxDelayMs = 30_000} = this.#options.delivery
    for (let looks = 1; inFlight.size > 0; looks++) {
      const ceilingMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (looks - 1))
      await effects.sleep(Math.ceil(ceilingMs * (0.5 + effects.random() / 2)))
      const found = await this.#find(inFlight)
      for (const [clientId, {id}] of found) {
        const pending = inFlight.get(clientId)
        if (pending !== undefined) this.arrived(pending, id)
        inFlight.delete(clientId)
      }
      if (found.size === 0 && looks >= LOOKS) break
    }
    this.queue.back([...inFlight.values()])
    inFlight.clear()
  }

  #receive(pending: Sendable, {outcome, message, messageId, error}: Receipt): void {
    const {index, line} = pending.record
    const {clientId} = pending
    const id = message?.id ?? messageId
    if (outcome === 'created' && id !== undefined) this.arrived(pending, id)
    else this.results.settle(pending, {index, line, outcome, id, clientId})
    if (outcome === 'unknown') this.results.end(notKnown(error), line)
  }

  async #find(inFlight: ReadonlyMap<string, Sendable>): Promise<ReadonlyMap<string, Message>> {
    return findMany(this.#options.read, {
      afterId: Math.min(...[...inFlight.values()].map(({sentAfterId = 0}) => sentAfterId)),
      authorId: await this.#author(),
      isWanted: clientId => inFlight.has(clientId),
      count: inFlight.size,
    })
  }

  async #author(): Promise<number> {
    this.#me ??= await this.#options.delivery.port.me()
    return this.#me
  }
}

/** A message of a batch as it is sent. */
export function outgoingOf({record, clientId}: Sendable, place: Channel): Outgoing {
  const {content, parentId, metadata} = record
  return {place, content, parentId, metadata, clientId}
}

function notKnown(cause: unknown): VezaError {
  const reason = cause instanceof Error ? `: ${cause.message}` : ''
  return new VezaError('unreachable', `it was sent, but whether it has arrived is not known${reason}`, {
    mayHaveActed: true,
    cause,
  })
}
