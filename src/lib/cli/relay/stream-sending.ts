import {createApi} from '../../api/index.js'
import type {Metrics} from '../../metrics/metrics.js'
import {EntrySender} from '../../relay/entry-sender.js'
import type {Context} from '../context.js'
import {timed} from '../metrics/timed.js'
import {messagePort} from '../send/message-port.js'
import {deliverOptions} from '../send/send-once.js'
import {guardedBudget} from './guarded-budget.js'

/** What sending for one stream needs. */
export interface StreamSendingOptions {
  readonly context: Context
  readonly metrics: Metrics
  /** The account that sends. */
  readonly me: () => Promise<number>
  /** Whether the lease is surely ours. */
  readonly isSure: () => boolean
  readonly lastMessageId: (roomId: number) => Promise<number>
  /** Aborted: nobody waits for a place in the budget any more. */
  readonly stopping: AbortSignal
  /** Aborted: nobody waits for answers any more. */
  readonly ended: AbortSignal
}

/** The way from one stream to the rooms, for as long as its lease holds. */
export function openStreamSending(options: StreamSendingOptions): EntrySender {
  const {context, ended, isSure, lastMessageId, me, metrics, stopping} = options
  const {budget, network, out, settings, tokens} = context
  const guarded = guardedBudget(budget, isSure, stopping)
  const api = createApi(network.client({tokens, budget: guarded, signal: ended}))
  const port = messagePort({api})
  const delivery = deliverOptions({api, network, out, settings, signal: ended})
  return new EntrySender({
    delivery: {
      ...delivery,
      port: {...port, me, send: outgoing => timed(metrics, 'send', () => port.send(outgoing))},
    },
    findRoom: async name => (await api.rooms.find(name)).id,
    lastMessageId,
  })
}
