import type {Channel} from '../../../../../src/lib/realtime/channel.js'
import type {FeedItem} from '../../../../../src/lib/realtime/feed/feed-types.js'
import {away} from '../../../../../src/lib/state/redis/errors.js'

/** A failure that passes. */
export const REDIS_AWAY = away('redis.example:6379', 'ECONNREFUSED')

/** Waiting takes no time, but lets all else go on that can. */
export const EFFECTS = {
  random: () => 0,
  sleep: () => new Promise<void>(resolve => void setImmediate(resolve)),
  now: () => 0,
}

type MessageItem = Extract<FeedItem, {type: 'message'}>
type CheckpointItem = Extract<FeedItem, {type: 'checkpoint'}>

export function messageIn(channel: Channel, id: number): MessageItem {
  return {type: 'message', channel, message: {id, author_id: 3, content: '!bot ping'}, late: false}
}

export function checkpointIn(channel: Channel, id: number): CheckpointItem {
  return {type: 'checkpoint', channel, id}
}
