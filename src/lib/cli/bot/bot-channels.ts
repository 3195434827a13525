import type {Channel} from '../../realtime/channel.js'
import type {Discover} from '../../realtime/feed/feed-types.js'
import type {Context} from '../context.js'
import {type Followed, followConversations, followRooms} from '../tail/channels.js'
import type {BotRequest} from './bot-flags.js'

/** Where a bot listens: in the rooms named, or in all it has joined, and to all direct messages unless they are not wanted. */
export async function findBotChannels(
  context: Context,
  {room = [], 'no-dm': withoutDms}: BotRequest,
): Promise<Followed> {
  const rooms = await followRooms(context, room, room.length === 0)
  return withoutDms === true ? rooms : both(rooms, await followConversations(context, []))
}

function both(rooms: Followed, conversations: Followed): Followed {
  const discover: Discover = async signal => [
    ...((await rooms.discover?.(signal)) ?? []),
    ...((await conversations.discover?.(signal)) ?? []),
  ]
  return {
    channels: [...rooms.channels, ...conversations.channels],
    discover,
    isPartial: conversations.isPartial === true,
    label: `${rooms.label} and ${conversations.label}`,
    isOne: false,
    nameOf: (channel: Channel) => (channel.kind === 'room' ? rooms : conversations).nameOf(channel),
  }
}
