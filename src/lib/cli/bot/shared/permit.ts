import type {Cluster} from '../../../cluster/cluster.js'
import type {Channel} from '../../../realtime/channel.js'
import {type Insistence, insist} from '../../../relay/insist.js'
import type {ChannelStore} from '../../../state/redis/channel-store.js'
import type {Lease} from '../../../state/redis/cluster-store.js'
import type {Permit} from '../bot-source.js'
import {LostLease} from './lost-lease.js'
import type {SharedChannels} from './shared-channels.js'

/** While it is not known whether the lease still is this member's, so often is it looked at. */
const LOOK_AGAIN_MS = 100

/** What a permit is got from. */
export interface PermitOptions extends Insistence {
  readonly channels: Pick<SharedChannels, 'leaseOf' | 'lost'>
  readonly cluster: Pick<Cluster, 'isSure'>
  readonly store: Pick<ChannelStore, 'begin'>
  /** Redis refused, as another member has the channel. */
  readonly onFenced: () => void
}

/** Leave to answer by the lease of the channel. While Redis is away it waits, and with it the answer. */
export function openPermit(options: PermitOptions): Permit {
  const {channels, cluster, effects, onFenced, signal, store} = options
  const leaseOf = (place: Channel): Lease => {
    const lease = channels.leaseOf(place)
    if (lease === undefined) throw new LostLease()
    return lease
  }
  return {
    begin: async (place, messageId) => {
      const begun = await insist(() => store.begin(leaseOf(place), messageId), options)
      if (begun === undefined) throw signal.reason
      if (begun !== 'fenced') return begun === 'again'
      onFenced()
      channels.lost([leaseOf(place)])
      throw new LostLease()
    },
    sure: async place => {
      while (!cluster.isSure(leaseOf(place).name)) {
        if (signal.aborted) throw signal.reason
        await effects.sleep(LOOK_AGAIN_MS, signal).catch(() => undefined)
      }
    },
  }
}
