import type {WebhookDelivery} from '../../../contract/resources.js'
import type {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import {Warnings} from '../../realtime/feed/warnings.js'
import type {Context} from '../context.js'
import {connectionEffects} from '../dial.js'
import {aborted, counted, Ending} from '../ending.js'
import {isLoopback, type ListenAddress} from './address.js'
import {checkListenRequest, type ListenRequest} from './listen-flags.js'
import {openReceiver} from './receiver.js'
import {requiredWebhookSecret} from './secret.js'
import {openSink, type Sink} from './sink.js'

const DEFAULT_ADDRESS: ListenAddress = {host: '127.0.0.1', port: 0}
/** More than these wait for a slow reader or command only in vain: their sender has gone. */
const MOST_WAITING = 100

/** What it is made of. */
export interface ListeningParts {
  readonly context: Context
  readonly io: Io
  readonly request: ListenRequest
}

/** One run of `webhooks listen`, from its flags to its last line. */
export class Listening {
  readonly #parts: ListeningParts
  readonly #ending = new Ending()
  readonly #over = new AbortController()
  readonly #warnings: Warnings
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #taken = 0
  #refused = 0
  #sink: Sink | undefined
  #failure: VezaError | undefined

  constructor(parts: ListeningParts) {
    this.#parts = parts
    this.#warnings = new Warnings({
      effects: connectionEffects,
      signal: this.#over.signal,
      wording: (count, last) => (count === 1 ? last : `${last} (and ${count - 1} more)`),
      tell: message => parts.context.out.warn(message),
    })
  }

  /** Receives until the count is full, a signal or a failure ends it. */
  async run(): Promise<void> {
    const {context, io, request} = this.#parts
    const {listen: address = DEFAULT_ADDRESS, path} = request
    checkListenRequest(request)
    const secret = await requiredWebhookSecret(context, io, request['secret-file'])
    this.#sink = await openSink({...this.#parts, onFailure: error => this.#fail(error)})
    const receiver = await openReceiver({
      address,
      path,
      secret,
      accept: delivery => this.#accept(delivery),
      onRefused: problem => this.#onRefused(problem),
    })
    this.#ending.begin()
    if (!isLoopback(address))
      context.out.warn('others reach this address, and what they send is not encrypted')
    context.out.ready(receiver.url, {url: receiver.url})
    await io.watchReader()
    await this.#ended()
    await receiver.close()
    if (!context.signal.aborted) await this.#sink.idle()
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#over.abort()
    await this.#sink?.close()
  }

  /** The last line; undefined where it never came to life. */
  farewell(reason: string): string | undefined {
    const {exec} = this.#parts.request
    const taken = counted(this.#taken, 'delivery', 'deliveries')
    const refused = this.#refused === 0 ? '' : `, ${counted(this.#refused, 'request')} refused`
    return this.#ending.line(reason, `${taken}${exec === undefined ? '' : ' given to --exec'}${refused}`)
  }

  /** One after the other, in the order in which they were complete. */
  async #accept(delivery: WebhookDelivery): Promise<boolean> {
    if (this.#waiting >= MOST_WAITING) return false
    this.#waiting += 1
    const turn = this.#turn.then(() => this.#take({...delivery, received_at: new Date().toISOString()}))
    this.#turn = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#waiting -= 1
    }
  }

  async #take(record: WebhookDelivery & {readonly received_at: string}): Promise<boolean> {
    const {count} = this.#parts.request
    if (this.#isOver || this.#sink === undefined) return false
    await this.#sink.take(record)
    this.#taken += 1
    if (this.#taken === count) this.#over.abort()
    return true
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted || this.#parts.context.signal.aborted
  }

  #onRefused(problem: string): void {
    this.#refused += 1
    this.#warnings.note(problem)
  }

  #fail(error: VezaError): void {
    this.#failure ??= error
    this.#over.abort()
  }

  #ended(): Promise<void> {
    return aborted(AbortSignal.any([this.#over.signal, this.#parts.context.signal]))
  }
}
