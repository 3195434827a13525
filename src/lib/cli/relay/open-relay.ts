import type {Metrics} from '../../metrics/metrics.js'
import type {Redis} from '../../state/redis/client.js'
import type {Context} from '../context.js'
import {type MetricsRequest, openMetrics} from '../metrics/open-metrics.js'
import {memberName} from './member-name.js'
import {openGroupRedis} from './relay-redis.js'

/** What every relay is built on. */
export interface RelayBase {
  readonly redis: Redis
  readonly metrics: Metrics
  /** The name of this process among the members of its group. */
  readonly member: string
  /** Closes it, metrics last. Never rejects. */
  close(): Promise<void>
}

/**
 * Opens what a relay is built on: metrics, then Redis.
 * @throws {VezaError} as `openMetrics` and `openGroupRedis`; then nothing is left open.
 */
export async function openRelay(context: Context, request: MetricsRequest): Promise<RelayBase> {
  const {metrics, close} = await openMetrics(context, request, ['client', 'relay'])
  try {
    const redis = await openGroupRedis(context, metrics)
    return {
      redis,
      metrics,
      member: memberName(),
      close: async () => {
        await redis.close().catch(() => undefined)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
