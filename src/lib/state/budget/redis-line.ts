import {type IRateLimiterRedisOptions, RateLimiterRedis, RateLimiterRes} from 'rate-limiter-flexible'
import {ANSWER_LIMIT_MS, connect, type RedisConnection} from '../redis/connect.js'
import {within} from '../redis/within.js'
import {headStartMs, limitInForce, paceOf, stopMs} from './bucket.js'
import type {Line, Place, ServerWords} from './types.js'

const HIGHEST_POINTS = 2 ** 31 - 1
const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3600

/**
 * Instead of the library's fixed windows, which let twice the rate through at their border: a bucket that leaks one
 * point a millisecond. How full it is is the time that its key has left to live. What would overfill it is not added.
 */
const LEAKING = `
local level = math.max(redis.call('pttl', KEYS[1]), 0) + tonumber(ARGV[1])
if level <= 0 then redis.call('del', KEYS[1])
elseif level <= tonumber(ARGV[3]) then redis.call('set', KEYS[1], level, 'PX', level) end
return {level, level}`

type LimiterOptions = Pick<IRateLimiterRedisOptions, 'duration' | 'customIncrTtlLuaScript'> & {
  readonly points?: number
}

/**
 * The line of an account in Redis, for all machines that use it, by Redis's own clock. The same rules as `bucket.ts`, in
 * whole milliseconds. Each call is over within 2 s.
 * @throws {Error} when Redis cannot be reached within 2 s, or refuses the password.
 */
export async function openRedisLine(url: string, account: string, ownLimit: number): Promise<Line> {
  // The failure of a call is told by that call.
  return new RedisLine(await connect(url), account, ownLimit)
}

class RedisLine implements Line {
  readonly #client: RedisConnection
  readonly #account: string
  readonly #ownLimit: number
  /** The server takes nothing while this key lives. */
  readonly #stop: RateLimiterRedis
  readonly #stops: RateLimiterRedis
  readonly #serverLimit: RateLimiterRedis

  constructor(client: RedisConnection, account: string, ownLimit: number) {
    this.#client = client
    this.#account = account
    this.#ownLimit = ownLimit
    this.#stop = this.#limiter('stop', {duration: HOUR_SECONDS})
    this.#stops = this.#limiter('stops', {duration: DAY_SECONDS})
    this.#serverLimit = this.#limiter('limit', {duration: HOUR_SECONDS})
  }

  async enter(maxWaitMs: number): Promise<Place> {
    const [stop, stops, said] = await this.#answers(
      this.#stop.get(this.#account),
      this.stops(),
      this.#serverLimit.get(this.#account),
    )
    const serverLimit = said?.consumedPoints ?? 0
    const limit = limitInForce(this.#ownLimit, serverLimit)
    const stoppedMs = stop?.msBeforeNext ?? 0
    const facts = {stops, limit, serverLimit}
    if (stoppedMs > maxWaitMs) return {...facts, waitMs: stoppedMs, taken: false}
    const {intervalMs, burst} = paceOf(limit)
    const rimMs = burst * intervalMs
    const {levelMs, taken} = await this.#fill(limit, rimMs + maxWaitMs)
    return {...facts, waitMs: Math.max(0, levelMs - rimMs, stoppedMs), taken}
  }

  async leave({limit}: Place): Promise<void> {
    const points = pointsOf(limit)
    if (points > 0) await this.#answer(this.#bucket(HIGHEST_POINTS).reward(this.#account, points))
  }

  async stops(): Promise<number> {
    return (await this.#answer(this.#stops.get(this.#account)))?.consumedPoints ?? 0
  }

  async note(words: ServerWords): Promise<void> {
    const {limit} = words
    if (limit !== undefined) await this.#answer(this.#serverLimit.set(this.#account, limit, HOUR_SECONDS))
    const waitMs = stopMs(words)
    const stop = await this.#answer(this.#stop.get(this.#account))
    if (waitMs <= (stop?.msBeforeNext ?? 0)) return
    const levelMs = waitMs + headStartMs(limitInForce(this.#ownLimit, limit ?? 0))
    await this.#answers(
      this.#stop.set(this.#account, 1, Math.ceil(waitMs / 1000)),
      this.#bucket(HIGHEST_POINTS).set(this.#account, 1, Math.ceil(levelMs / 1000)),
      this.#stops.penalty(this.#account, 1),
    )
  }

  async close(): Promise<void> {
    this.#client.destroy()
  }

  /** Adds one message to the bucket, if that stays below `highestMs`. */
  async #fill(limit: number, highestMs: number): Promise<{levelMs: number; taken: boolean}> {
    const bucket = this.#bucket(Math.min(HIGHEST_POINTS, Math.floor(highestMs)))
    const points = pointsOf(limit)
    try {
      const {consumedPoints} = await this.#answer(bucket.consume(this.#account, points))
      return {levelMs: consumedPoints, taken: true}
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      return {levelMs: refusal.consumedPoints, taken: false}
    }
  }

  #bucket(points: number): RateLimiterRedis {
    return this.#limiter('line', {points, duration: HOUR_SECONDS, customIncrTtlLuaScript: LEAKING})
  }

  #limiter(name: string, options: LimiterOptions): RateLimiterRedis {
    return new RateLimiterRedis({
      points: HIGHEST_POINTS,
      ...options,
      storeClient: this.#client,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: `veza:budget:${name}`,
    })
  }

  #answer<T>(call: Promise<T>): Promise<T> {
    return within(ANSWER_LIMIT_MS, call)
  }

  #answers<T extends readonly unknown[]>(...calls: {[K in keyof T]: Promise<T[K]>}): Promise<T> {
    return this.#answer(Promise.all(calls) as Promise<T>)
  }
}

/** Rounded up, so that the limit is never passed: above 600 a minute up to a hundredth of it is lost. */
function pointsOf(limit: number): number {
  return Math.ceil(paceOf(limit).intervalMs)
}
