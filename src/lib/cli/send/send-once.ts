import {setTimeout as sleep} from 'node:timers/promises'
import {keyedClientId, randomClientId} from '../../delivery/client-id.js'
import {type DeliverOptions, deliver} from '../../delivery/deliver.js'
import type {Outgoing, Receipt} from '../../delivery/types.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Context} from '../context.js'
import {messagePort} from './message-port.js'

/** A message to send, and how it is known again. */
export interface KeyedMessage extends Omit<Outgoing, 'clientId'> {
  /** Under which it is sent once. */
  readonly key?: string | undefined
  /** Of the message that gets this content, and is sent where there is none yet. */
  readonly upsertKey?: string | undefined
}

/**
 * Sends a message once: see `deliver`, and `deliverKeyed` and `upsert` where it has a key.
 * @throws {VezaError} what kept it from being sent; `usage` for both keys.
 */
export async function sendOnce(context: Context, keyed: KeyedMessage): Promise<Receipt> {
  const {key, upsertKey, ...message} = keyed
  const options = deliverOptions(context)
  if (key === undefined && upsertKey === undefined)
    return deliver({...message, clientId: randomClientId()}, options)
  if (key !== undefined && upsertKey !== undefined)
    throw new VezaError('usage', '--idempotency-key and --upsert exclude each other')
  const {sendUnderKey} = await import('./send-under-key.js')
  if (key !== undefined)
    return sendUnderKey(context, {...message, clientId: keyedClientId(message.place, key)}, options)
  const metadata = {...message.metadata, upsert_key: upsertKey}
  const clientId = keyedClientId(message.place, `upsert ${upsertKey}`)
  return sendUnderKey(context, {...message, metadata, clientId}, {...options, updates: true})
}

/** Of a context, what delivering needs; the signal ends it. */
export type DeliverContext = Pick<Context, 'api' | 'network' | 'out' | 'settings' | 'signal'>

/** How a message is delivered in this run: its retries, delays and notices. */
export function deliverOptions(context: DeliverContext): DeliverOptions {
  const {settings, signal, network, out} = context
  return {
    port: messagePort(context),
    retries: settings.retries,
    firstDelayMs: settings.retryDelayMs,
    maxDelayMs: settings.maxRetryDelayMs,
    effects: {
      now: () => Date.now() + network.skewMs,
      random: Math.random,
      sleep: async delayMs => {
        await sleep(delayMs, undefined, {signal})
      },
    },
    onDoubt: (error, delayMs) =>
      out.verbose(
        `${error.message}: looking in ${(delayMs / 1000).toFixed(1)} s whether the message has arrived`,
      ),
  }
}
