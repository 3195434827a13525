import type {Cluster} from '../../cluster/cluster.js'
import type {Metrics} from '../../metrics/metrics.js'
import type {Feed} from '../../realtime/feed/feed-types.js'
import type {RoomsRelay} from '../../relay/rooms-relay.js'
import type {Redis} from '../../state/redis/client.js'

/** What is measured of a relay of rooms. */
export interface MeteredRooms {
  readonly relay: Pick<RoomsRelay, 'counters' | 'pending'>
  readonly cluster: Pick<Cluster, 'held' | 'members'>
  readonly feed: Pick<Feed, 'state'>
  readonly redis: Pick<Redis, 'isConnected'>
}

/** The metrics of a relay of rooms; it is ready while its feed is live and Redis is there. */
export function meterRooms(metrics: Metrics, {relay, cluster, feed, redis}: MeteredRooms): void {
  metrics.readyWhen(() => feed.state.isLive && redis.isConnected)
  metrics.collect(set => {
    const {written, fenced, takenOver} = relay.counters
    set('veza_relay_messages_total', {direction: 'in'}, written)
    set('veza_relay_fenced_total', {}, fenced)
    set('veza_relay_takeovers_total', {}, takenOver)
    set('veza_relay_pending_messages', {}, relay.pending)
    set('veza_relay_rooms', {}, cluster.held.size)
    set('veza_relay_members', {}, cluster.members)
  })
}
