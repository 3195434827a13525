import {createHash} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'
import {BlockingLine} from './blocking-line.js'
import {isUnknownScript} from './errors.js'
import {Line, type LineEffects} from './line.js'
import type {RedisValue, Script} from './script.js'

const REAL: LineEffects = {
  random: Math.random,
  sleep: (delayMs, signal) => sleep(delayMs, undefined, {signal}),
}

/** How a Redis is reached. */
export interface RedisOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` with TLS. */
  readonly url: string
  /** Told in a sentence when it has gone away, and when it is back: once each. */
  readonly onTrouble?: ((text: string) => void) | undefined
  /** Ends the wait for the first connection, and nothing after it. */
  readonly signal?: AbortSignal | undefined
  /** Default: real ones. */
  readonly effects?: LineEffects | undefined
}

/**
 * A Redis, which may go away and come back. Every failure is a `VezaError`, which `isAway` and `isFull` of `errors.ts`
 * tell apart.
 */
export interface Redis {
  /**
   * One command; the answer comes within 2 s, or the call rejects and the connection is given up. While there is no
   * connection calls reject at once. Nothing is repeated: `mayHaveActed` tells a command that was sent.
   * @param about `blockMs`: how long the command itself may wait; such commands have a connection of their own, which
   *   is opened at the first one, and come one after the other.
   */
  call(args: readonly (string | number)[], about?: {readonly blockMs?: number}): Promise<RedisValue>
  /** A script, by its hash; its text is sent where the server does not know it. As `call`. */
  run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<RedisValue>
  /** Whether there is a connection at this moment. Blocking commands do not count. */
  readonly isConnected: boolean
  /** Gives up all connections at once: what was not answered yet rejects. Never throws. */
  close(): Promise<void>
}

/**
 * Connects to a Redis. From then on it connects again by itself, with delays that grow up to 5 s, each a random part.
 * @throws {VezaError} `usage` with a hint when it refuses the user, the password or the permissions, `unreachable` when
 *   it cannot be reached by five attempts, some two seconds with the delays; the reason of `signal`.
 */
export async function openRedis(options: RedisOptions): Promise<Redis> {
  const redis = new RedisClient(options)
  await redis.open(options.signal)
  return redis
}

class RedisClient implements Redis {
  readonly #line: Line
  readonly #blocking: BlockingLine
  readonly #hashes = new Map<string, string>()

  constructor({url, onTrouble, effects = REAL}: RedisOptions) {
    const where = new URL(url).host
    this.#blocking = new BlockingLine(url)
    this.#line = new Line({
      url,
      effects,
      onAway: reason => onTrouble?.(`Redis at ${where} is away (${reason})`),
      onBack: () => onTrouble?.(`Redis at ${where} is back`),
    })
  }

  get isConnected(): boolean {
    return this.#line.isConnected
  }

  async open(signal: AbortSignal | undefined): Promise<void> {
    const stop = (): void => this.#line.close()
    signal?.addEventListener('abort', stop, {once: true})
    try {
      signal?.throwIfAborted()
      await this.#line.open()
      signal?.throwIfAborted()
    } catch (error) {
      await this.close()
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  async call(args: readonly (string | number)[], about: {blockMs?: number} = {}): Promise<RedisValue> {
    const {blockMs} = about
    return blockMs === undefined ? this.#line.call(args) : this.#blocking.call(args, blockMs)
  }

  async run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<RedisValue> {
    const rest = [keys.length, ...keys, ...args]
    try {
      return await this.#line.call(['EVALSHA', this.#hashOf(script), ...rest])
    } catch (error) {
      if (!isUnknownScript(error)) throw error
      return this.#line.call(['EVAL', script.source, ...rest])
    }
  }

  async close(): Promise<void> {
    this.#line.close()
    this.#blocking.close()
  }

  #hashOf({source}: Script): string {
    const known = this.#hashes.get(source) ?? createHash('sha1').update(source).digest('hex')
    this.#hashes.set(source, known)
    return known
  }
}
