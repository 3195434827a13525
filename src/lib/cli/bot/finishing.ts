import {setMaxListeners} from 'node:events'
import {setTimeout as sleep} from 'node:timers/promises'
import {createApi} from '../../api/index.js'
import type {Metrics} from '../../metrics/metrics.js'
import type {Context} from '../context.js'
import {aborted} from '../ending.js'
import {countError} from '../metrics/timed.js'
import type {DeliverContext} from '../send/send-once.js'
import {persist} from './persist.js'

/** After a signal a command has 5 s in all; what is under way then has the first 4. */
const FINISH_MS = 4000

/** The way to the server of what was begun before the bot has to end, and may still be finished then. */
export interface Finishing extends DeliverContext {
  /** See `persist`. */
  readonly persist: <T>(work: () => Promise<T>) => Promise<T>
}

/** A context whose calls are ended 4 s after those of the command. */
export function openFinishing(context: Context, metrics: Metrics): Finishing {
  const {budget, network, out, settings, tokens} = context
  const ending = new AbortController()
  const {signal} = ending
  // Each of several answers at once listens; Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal, context.signal)
  void aborted(context.signal)
    .then(() => sleep(FINISH_MS, undefined, {ref: false}))
    .then(() => ending.abort(context.signal.reason))
  return {
    api: createApi(network.client({tokens, budget, signal})),
    network,
    out,
    settings,
    signal,
    persist: work =>
      persist(work, {
        // Nothing is waited for where the bot has to end: the next run does it.
        sleep: async delayMs => {
          await sleep(delayMs, undefined, {signal: context.signal})
        },
        random: Math.random,
        onWait: (error, delayMs) => {
          countError(metrics, error)
          out.notice(`${error.message}: trying again in ${(delayMs / 1000).toFixed(1)} s`)
        },
      }),
  }
}
