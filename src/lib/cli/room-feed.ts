import {setTimeout as sleep} from 'node:timers/promises'
import {openConnection} from '../realtime/connection.js'
import {type Dialled, type FeedEvent, openRoomFeed, type RoomFeed} from '../realtime/feed.js'
import type {Context} from './context.js'
import {bearerOf, sessionHeaders} from './session-actions.js'

/** Which part of a room is wanted. */
export interface RoomFeedRequest {
  readonly roomId: number
  /** So many messages of history come first. */
  readonly last: number
  /** Everything after this id comes first; `last` counts for nothing then. */
  readonly afterId?: number | undefined
  readonly signal: AbortSignal
  readonly onState: (event: FeedEvent) => void
}

const effects = {
  now: () => performance.now(),
  random: Math.random,
  sleep: async (delayMs: number, signal: AbortSignal): Promise<void> => {
    await sleep(delayMs, undefined, {signal})
  },
}

/** The room as a feed over the session, settings and connections of this run (section 5 of the contract). */
export function openContextFeed(context: Context, request: RoomFeedRequest): RoomFeed {
  return openRoomFeed({
    ...request,
    effects,
    firstReconnects: context.settings.retries,
    firstDelayMs: context.settings.retryDelayMs,
    maxDelayMs: context.settings.maxRetryDelayMs,
    connect: (signal, {tokenRefused}) => dial(context, signal, tokenRefused),
    history: async (roomId, query) => context.api.messages.list(roomId, query),
  })
}

async function dial(context: Context, signal: AbortSignal, tokenRefused: boolean): Promise<Dialled> {
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
