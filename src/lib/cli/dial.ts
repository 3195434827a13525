import {setTimeout as sleep} from 'node:timers/promises'
import {openConnection} from '../realtime/connection/connection.js'
import type {Dialled, FeedEffects} from '../realtime/feed/feed-types.js'
import type {Context} from './context.js'
import {bearerOf, sessionHeaders} from './session-actions.js'

/** The real clock, chance and waiting. */
export const connectionEffects: FeedEffects = {
  now: () => performance.now(),
  random: Math.random,
  sleep: async (delayMs, signal) => {
    await sleep(delayMs, undefined, {signal})
  },
}

/**
 * Opens a WebSocket with the session and settings of this run (section 5 of the contract). `tokenRefused`: the last token
 * was not accepted, another one is got first.
 */
export async function dial(context: Context, signal: AbortSignal, tokenRefused: boolean): Promise<Dialled> {
  const {server, wsPath, connectTimeoutMs, pingIntervalMs, readTimeoutMs} = context.settings
  const url = `${server.replace(/^http/, 'ws')}${wsPath}`
  const headers = await sessionHeaders(context, tokenRefused, signal)
  const connection = await openConnection({
    url,
    headers,
    agent: await context.network.agentFor(new URL(url)),
    signal,
    handshakeTimeoutMs: connectTimeoutMs,
    pingIntervalMs,
    silenceMs: readTimeoutMs,
  })
  return {connection, token: bearerOf(headers)}
}
