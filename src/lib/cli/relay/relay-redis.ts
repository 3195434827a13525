import {VezaError} from '../../errors/veza-error.js'
import type {Metrics} from '../../metrics/metrics.js'
import type {Redis} from '../../state/redis/client.js'
import {isAway, isFull} from '../../state/redis/errors.js'
import type {Context} from '../context.js'
import {redisUrl} from '../redis-url.js'

/**
 * The Redis that the members of a group share: that of `VEZA_REDIS_URL`. Says so when it goes away and when it is back.
 * @throws {VezaError} `usage` where the variable is missing or Redis refuses the password, `unreachable` where nobody answers.
 */
export async function openGroupRedis(context: Context, metrics: Metrics): Promise<Redis> {
  const {environment, out, signal} = context
  const url = redisUrl(environment)
  if (url === undefined) {
    throw new VezaError('usage', 'VEZA_REDIS_URL is missing', {
      hint: 'set it to the Redis that all members share, such as redis://:password@host:6379/0',
    })
  }
  const {openRedis} = await import('../../state/redis/index.js')
  const redis = await openRedis({url, signal, onTrouble: text => out.warn(text)})
  metrics.collect(set => set('veza_redis_connected', {}, redis.isConnected ? 1 : 0))
  return redis
}

/** Counts a call to Redis that failed, by what branches on it: `away`, `full`, `other`. */
export function countRedisError(metrics: Metrics, error: unknown): void {
  metrics.add('veza_redis_errors_total', {type: isAway(error) ? 'away' : isFull(error) ? 'full' : 'other'})
}
