import {announceStatus} from '../../realtime/presence/announce-status.js'
import type {StatusUpdate} from '../../realtime/presence/status-session.js'
import type {Context} from '../context.js'
import {connectionEffects, dial} from '../dial.js'

/** Tells the server the status of the account in use; resolves once it has been handled. */
export async function setStatus(context: Context, update: StatusUpdate): Promise<void> {
  const {retries, retryDelayMs, maxRetryDelayMs} = context.settings
  await announceStatus(update, {
    connect: (signal, {tokenRefused}) => dial(context, signal, tokenRefused),
    firstReconnects: retries,
    firstDelayMs: retryDelayMs,
    maxDelayMs: maxRetryDelayMs,
    effects: connectionEffects,
    signal: context.signal,
    onRetry: error =>
      context.out.verbose(`trying again: ${error instanceof Error ? error.message : 'unknown reason'}`),
  })
}
