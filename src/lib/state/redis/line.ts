import {ErrorReply} from 'redis'
import {reasonOf} from '../../errors/reason.js'
import type {VezaError} from '../../errors/veza-error.js'
import {ANSWER_LIMIT_MS, connect, type RedisConnection} from './connect.js'
import {away, isAway, refusal} from './errors.js'
import type {RedisValue} from './script.js'
import {within} from './within.js'

/** Ceilings of the delays between attempts: a restart is over within a second, and more than 5 s helps nobody. */
const FIRST_CEILING_MS = 250
const LAST_CEILING_MS = 5000
/** At a start, with these ceilings, some two seconds of waiting in all. */
const FIRST_ATTEMPTS = 5

/** What the line needs of the world. */
export interface LineEffects {
  /** At least 0, less than 1. */
  random(): number
  /** Resolves after so many milliseconds, rejects when the signal is aborted. */
  sleep(delayMs: number, signal: AbortSignal): Promise<unknown>
}

/** A line to one Redis. */
export interface LineOptions {
  readonly url: string
  readonly effects: LineEffects
  /** It has broken, and why in one word. Once until it is back. */
  readonly onAway: (reason: string) => void
  readonly onBack: () => void
}

/** One connection after the other to the same Redis, so that there is always one as soon as that is there. */
export class Line {
  readonly #options: LineOptions
  readonly #where: string
  readonly #closing = new AbortController()
  #connection: RedisConnection | undefined
  #reason = 'not connected yet'

  constructor(options: LineOptions) {
    this.#options = options
    this.#where = new URL(options.url).host
  }

  get isConnected(): boolean {
    return this.#connection !== undefined
  }

  /** @throws {VezaError} as `openRedis`, also when it is closed meanwhile. */
  async open(): Promise<void> {
    for (let nth = 1; ; nth++) {
      try {
        return await this.#connect()
      } catch (error) {
        const failure = this.#failureOf(error)
        if (!isAway(failure) || nth === FIRST_ATTEMPTS || this.#closing.signal.aborted) throw failure
      }
      await this.#pause(nth)
    }
  }

  /**
   * One command. Without a connection it rejects at once.
   * @throws {VezaError} as `Redis.call`
   */
  async call(args: readonly (string | number)[], limitMs = ANSWER_LIMIT_MS): Promise<RedisValue> {
    const connection = this.#connection
    if (connection === undefined) throw away(this.#where, this.#reason)
    try {
      return await within(limitMs, connection.sendCommand<RedisValue>(args.map(String)))
    } catch (error) {
      throw this.#failed(connection, error)
    }
  }

  /** Gives it up at once: what was not answered yet rejects. */
  close(): void {
    this.#reason = 'closed'
    this.#closing.abort()
    this.#connection?.destroy()
    this.#connection = undefined
  }

  #failed(connection: RedisConnection, error: unknown): VezaError {
    if (!(error instanceof ErrorReply)) {
      // An answer that is late may never come, and what waits behind it would wait as long.
      this.#lost(connection, reasonOf(error))
      return away(this.#where, this.#reason, true)
    }
    // Its other end has become a copy of another one, and the name may lead to that one by now.
    if (error.message.startsWith('READONLY')) this.#lost(connection, 'READONLY')
    return refusal(this.#where, error.message)
  }

  #failureOf(error: unknown): VezaError {
    return error instanceof ErrorReply
      ? refusal(this.#where, error.message)
      : away(this.#where, reasonOf(error))
  }

  async #connect(): Promise<void> {
    const connection: RedisConnection = await connect(this.#options.url, {
      signal: this.#closing.signal,
      onLoss: error => this.#lost(connection, reasonOf(error)),
    })
    if (this.#closing.signal.aborted) {
      connection.destroy()
      throw away(this.#where, this.#reason)
    }
    this.#connection = connection
  }

  #lost(connection: RedisConnection, reason: string): void {
    if (this.#connection !== connection) return
    this.#connection = undefined
    this.#reason = reason
    connection.destroy()
    this.#options.onAway(reason)
    // It ends by nothing but a connection or close.
    void this.#reconnect()
  }

  async #reconnect(): Promise<void> {
    for (let nth = 1; !this.isConnected; nth++) {
      try {
        await this.#pause(nth)
        await this.#connect()
      } catch (error) {
        if (this.#closing.signal.aborted) return
        this.#reason = reasonOf(error)
      }
    }
    this.#options.onBack()
  }

  async #pause(nth: number): Promise<void> {
    const {random, sleep} = this.#options.effects
    const ceilingMs = Math.min(LAST_CEILING_MS, FIRST_CEILING_MS * 2 ** (nth - 1))
    await sleep(random() * ceilingMs, this.#closing.signal)
  }
}
