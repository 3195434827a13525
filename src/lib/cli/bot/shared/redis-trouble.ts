import type {Metrics} from '../../../metrics/metrics.js'
import type {Printer} from '../../../output/printer.js'
import {isFull} from '../../../state/redis/errors.js'
import {countRedisError} from '../../relay/relay-redis.js'

/** Counts what Redis does not do, and tells once that it is full, and that it is not any more; that it is away its client tells. */
export class RedisTrouble {
  readonly #out: Pick<Printer, 'notice' | 'warn'>
  readonly #metrics: Metrics
  #isFull = false

  constructor(out: Pick<Printer, 'notice' | 'warn'>, metrics: Metrics) {
    this.#out = out
    this.#metrics = metrics
  }

  /** A call has failed, and is made again. */
  note(error: unknown): void {
    countRedisError(this.#metrics, error)
    if (this.#isFull || !isFull(error)) return
    this.#isFull = true
    this.#out.warn('Redis is full: answers wait until it takes more', {event: 'redis_full'})
  }

  /** Something was kept. */
  kept(): void {
    if (!this.#isFull) return
    this.#isFull = false
    this.#out.notice('Redis takes more again', {event: 'redis_takes'})
  }
}
