import type {Channel} from '../../realtime/channel.js'
import type {ChannelStart} from '../../realtime/feed/feed-types.js'
import {isRefusal} from '../../realtime/feed/refusals.js'
import {type PersistOptions, persist} from '../bot/persist.js'
import type {RelayRoomsRequest} from './rooms-flags.js'

/** What finding the start of a room needs. */
export interface RoomStartOptions extends PersistOptions {
  /** The id in a channel after which everything is at or after that time, milliseconds since 1970. */
  readonly find: (channel: Channel, timeMs: number) => Promise<number>
  /** The end of reading: what is found then no longer matters. */
  readonly signal: AbortSignal
}

/**
 * Where `--last` and `--since` begin in a room that was never relayed. A server that is away is waited for: beginning
 * later would lose what was asked for. A room that is refused begins now, and the feed tells of it.
 * @throws {VezaError} as `persist`
 */
export async function roomStart(
  channel: Channel,
  {last, since}: Pick<RelayRoomsRequest, 'last' | 'since'>,
  options: RoomStartOptions,
): Promise<ChannelStart> {
  if (since === undefined) return {channel, last}
  if ('id' in since) return {channel, afterId: since.id}
  const {timeMs} = since
  try {
    return {channel, afterId: await persist(() => options.find(channel, timeMs), options)}
  } catch (error) {
    if (isRefusal(error) || options.signal.aborted) return {channel}
    throw error
  }
}
