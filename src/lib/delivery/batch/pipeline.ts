import {VezaError} from '../../errors/veza-error.js'
import {systemTimers, type Timers} from '../../realtime/connection/heartbeat.js'
import type {Dialled, FeedEffects} from '../../realtime/feed/feed-types.js'
import {endingOfError} from '../../realtime/reconnect/reconnect.js'
import {type ConnectionEvent, type SessionEnd, supervise} from '../../realtime/reconnect/supervise.js'
import {PipelineSession} from './pipeline-session.js'
import type {Sender} from './sender.js'
import {Window} from './window.js'

/** How a batch goes over a WebSocket. */
export interface PipelineOptions {
  /** Opens a connection, with a new token where the last one was refused. */
  readonly connect: (signal: AbortSignal, about: {readonly tokenRefused: boolean}) => Promise<Dialled>
  /** Connections that fail in a row before the batch gives up. */
  readonly maxReconnects: number
  /** Ceiling of the first delay before another connection, and of all. Defaults: see `reconnect.ts`. */
  readonly firstDelayMs?: number | undefined
  readonly maxDelayMs?: number | undefined
  readonly effects: FeedEffects
  /** Default: the real ones. */
  readonly timers?: Timers | undefined
  readonly onEvent: (event: ConnectionEvent) => void
}

/**
 * Sends over one WebSocket, many messages at a time, each acknowledged by its `client_id` (section 5 of the contract). A
 * connection that breaks is replaced; what was on its way is looked for in history, and sent again where it is not there.
 */
export class Pipeline {
  readonly #options: PipelineOptions
  readonly #sender: Sender
  readonly #window = new Window()
  #works = true

  constructor(options: PipelineOptions, sender: Sender) {
    this.#options = options
    this.#sender = sender
  }

  /** False once it is known that this server does not take messages so, or limits how many. */
  get works(): boolean {
    return this.#works
  }

  /** Sends what the queue has, until nothing is left or this way does not work. */
  async run(): Promise<void> {
    const over = new AbortController()
    const {results, signal} = this.#sender
    const {maxReconnects} = this.#options
    try {
      await supervise({
        ...this.#options,
        attempt: about => this.#attempt(about, over),
        firstReconnects: maxReconnects,
        signal: AbortSignal.any([signal, over.signal]),
      })
    } catch (error) {
      // A server that takes no WebSocket may well take REST calls.
      this.#works = false
      if (this.#window.proven) results.end(error)
    }
    if (signal.aborted) results.end(signal.reason)
    if (!this.#works && results.final === undefined) await this.#recover()
  }

  async #attempt(about: {readonly tokenRefused: boolean}, over: AbortController): Promise<SessionEnd> {
    try {
      const {connection, token} = await this.#options.connect(this.#sender.signal, about)
      const {timers = systemTimers} = this.#options
      const session = new PipelineSession(connection, {sender: this.#sender, window: this.#window, timers})
      const end = await session.run(token)
      if (session.verdict !== 'broken') over.abort()
      if (session.verdict === 'unfit') this.#works = false
      return end
    } catch (error) {
      return {...endingOfError(error), proven: false, live: false}
    }
  }

  async #recover(): Promise<void> {
    try {
      await this.#sender.recover(this.#window.inFlight)
    } catch (error) {
      if (!(error instanceof VezaError) && !this.#sender.signal.aborted) throw error
      this.#sender.results.end(error)
    }
  }
}
