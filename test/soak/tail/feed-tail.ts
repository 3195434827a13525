import {setTimeout as sleep} from 'node:timers/promises'
import {createApi} from '../../../src/lib/api/index.js'
import {createHttpClient} from '../../../src/lib/http/client.js'
import type {TokenSource} from '../../../src/lib/http/types.js'
import {openConnection} from '../../../src/lib/realtime/connection/connection.js'
import {openFeed} from '../../../src/lib/realtime/feed/feed.js'
import type {Dialled, Feed, FeedEvent, FeedItem} from '../../../src/lib/realtime/feed/feed-types.js'
import type {Received} from './received.js'

/** Intervals so short that a run takes seconds where a day of the defaults would have to pass. In milliseconds. */
export const SHORT = {ping: 60, silence: 250, reconcile: 150, firstDelay: 10, maxDelay: 100, timeout: 400}

/** A feed over real sockets in this process, and what came out of it. */
export interface FeedTail {
  readonly feed: Feed
  /** Settles when the feed has ended; rejects with the error that ended it. */
  readonly read: Promise<void>
}

/** Opens a feed of rooms, from their first message on, and reads it into `received`. */
export function followByFeed(url: string, rooms: readonly number[], received: Received): FeedTail {
  const tokens = tokensOf(url)
  const api = createApi(clientOf(url, tokens))
  const connect = async (signal: AbortSignal, {tokenRefused}: {tokenRefused: boolean}): Promise<Dialled> => {
    if (tokenRefused) await tokens.renew({})
    const headers = await tokens.headers()
    const connection = await openConnection({
      url: `${url.replace('http', 'ws')}/ws`,
      headers,
      signal,
      handshakeTimeoutMs: SHORT.timeout,
      pingIntervalMs: SHORT.ping,
      silenceMs: SHORT.silence,
    })
    return {connection, token: headers.authorization?.replace('Bearer ', '')}
  }
  const feed = openFeed({
    channels: rooms.map(id => ({channel: {kind: 'room', id}, afterId: 0})),
    connect,
    readPage: async ({id}, query) => api.messages.list(id, query),
    firstReconnects: 100,
    firstDelayMs: SHORT.firstDelay,
    maxDelayMs: SHORT.maxDelay,
    reconcileEveryMs: SHORT.reconcile,
    effects: {
      now: () => performance.now(),
      random: Math.random,
      sleep: async (delayMs, signal) => void (await sleep(delayMs, undefined, {signal})),
    },
  })
  return {feed, read: readAll(feed, received)}
}

async function readAll(feed: Feed, received: Received): Promise<void> {
  for (let batch = await feed.nextBatch(); batch !== undefined; batch = await feed.nextBatch()) {
    for (const item of batch) note(item, received)
  }
}

function note(item: FeedItem, received: Received): void {
  if (item.type === 'message') {
    const {channel, message, late} = item
    const {id, content = ''} = message
    received.add({id, roomId: channel.id, content, late, atMs: performance.now()})
  } else if (item.type === 'checkpoint') {
    received.note('checkpoint', {room_id: item.channel.id, id: item.id})
  } else if (item.type === 'event') {
    received.note(item.event.type, dataOf(item.event))
  }
}

/** As in the records of the command. */
function dataOf(event: FeedEvent): Readonly<Record<string, unknown>> {
  if (event.type === 'gap_filled') return {...event, room_id: event.channel.id}
  if (event.type !== 'ready') return {...event}
  return {rooms: event.channels.map(({channel, lastId}) => ({room_id: channel.id, last_id: lastId}))}
}

function clientOf(restUrl: string, tokens?: TokenSource) {
  return createHttpClient({
    restBase: `${restUrl}/api/v1`,
    retries: 2,
    retryDelayMs: SHORT.firstDelay,
    maxRetryDelayMs: SHORT.maxDelay,
    timeoutMs: SHORT.timeout,
    agentFor: () => undefined,
    userAgent: 'soak',
    ...(tokens === undefined ? {} : {tokens}),
  })
}

/** Signs in when a token is needed, and anew when the server refuses it. */
function tokensOf(url: string): TokenSource {
  const {auth} = createApi(clientOf(url))
  let token: Promise<string> | undefined
  const headers = async (): Promise<Record<string, string>> => {
    token ??= auth.login({username: 'alice', password: 'alice-pass'}).then(grant => grant.access_token)
    try {
      return {authorization: `Bearer ${await token}`}
    } catch (error) {
      token = undefined
      throw error
    }
  }
  return {
    headers,
    renew: async () => {
      token = undefined
      await headers()
      return true
    },
  }
}
