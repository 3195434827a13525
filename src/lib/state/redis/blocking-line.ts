import {ErrorReply} from 'redis'
import {reasonOf} from '../../errors/reason.js'
import {ANSWER_LIMIT_MS, connect, type RedisConnection} from './connect.js'
import {away, refusal} from './errors.js'
import type {RedisValue} from './script.js'
import {within} from './within.js'

/**
 * The connection for commands that wait within Redis: on another one they would hold up all that come after them. It is
 * opened by the command that needs it, and again by the next one after it broke.
 */
export class BlockingLine {
  readonly #url: string
  readonly #where: string
  readonly #closing = new AbortController()
  #connection: RedisConnection | undefined
  #before: Promise<unknown> = Promise.resolve()

  constructor(url: string) {
    this.#url = url
    this.#where = new URL(url).host
  }

  /**
   * One command, once those before it are over.
   * @param blockMs how long it may wait within Redis, in milliseconds
   * @throws {VezaError} as `Redis.call`
   */
  call(args: readonly (string | number)[], blockMs: number): Promise<RedisValue> {
    const call = this.#before.then(() => this.#call(args, blockMs))
    this.#before = call.catch(() => undefined)
    return call
  }

  /** Gives it up at once. */
  close(): void {
    this.#closing.abort()
    this.#drop()
  }

  async #call(args: readonly (string | number)[], blockMs: number): Promise<RedisValue> {
    let isSent = false
    try {
      const connection = await this.#open()
      isSent = true
      return await within(blockMs + ANSWER_LIMIT_MS, connection.sendCommand<RedisValue>(args.map(String)))
    } catch (error) {
      if (error instanceof ErrorReply) throw refusal(this.#where, error.message)
      this.#drop()
      throw away(this.#where, this.#closing.signal.aborted ? 'closed' : reasonOf(error), isSent)
    }
  }

  async #open(): Promise<RedisConnection> {
    if (this.#connection !== undefined) return this.#connection
    const connection: RedisConnection = await connect(this.#url, {
      signal: this.#closing.signal,
      onLoss: () => this.#drop(connection),
    })
    this.#connection = connection
    this.#closing.signal.throwIfAborted()
    return connection
  }

  #drop(connection = this.#connection): void {
    connection?.destroy()
    if (this.#connection === connection) this.#connection = undefined
  }
}
