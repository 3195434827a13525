import {VezaError} from '../../errors/veza-error.js'
import {type Channel, channelKey, channelTitle} from '../../realtime/channel.js'
import type {Discover} from '../../realtime/feed/feed-types.js'
import {parseRoomReference, parseUserReference, type Reference} from '../args.js'
import type {Context} from '../context.js'
import {counted} from '../ending.js'

/** A server gives at most so many rows at once, and conversations have no second page (section 4 of the contract). */
const MAX_CONVERSATIONS = 100
/** More names than this in one line say less than their number. */
const MAX_NAMES = 3

/** The channels that a tail follows. */
export interface Followed {
  readonly channels: readonly Channel[]
  /** Finds all of them again, those that are new by now too; absent where only the named ones are followed. */
  readonly discover?: Discover
  /** The server has listed only a part of the conversations: one that is found later may be an old one. */
  readonly isPartial?: boolean
  /** What is followed, in words: `general, builds`, `5 rooms`. */
  readonly label: string
  /** Whether it is one channel and stays one, so that nothing has to say where it is from. */
  readonly isOne: boolean
  /** A room's name, or the other user's in a conversation, as far as it is known. */
  nameOf(channel: Channel): string | undefined
}

/** What to call a channel beside others: `#general` or `#15`, `@alice` or `dm 3`. */
export function placeOf(channel: Channel, {nameOf}: Pick<Followed, 'nameOf'>): string {
  const name = nameOf(channel)
  if (channel.kind === 'room') return `#${name ?? channel.id}`
  return name === undefined ? `dm ${channel.id}` : `@${name}`
}

/** Finds channels of which the names are known, too, and whether these are not all. */
type FindNamed = (
  signal?: AbortSignal,
) => Promise<{readonly named: readonly NamedChannel[]; readonly isPartial: boolean}>

interface NamedChannel extends Channel {
  readonly name: string | undefined
}

/**
 * Rooms by id, name or `#name`; all that the account has joined; or the room of the settings.
 * @throws {VezaError} `usage` for none, or for all and some; `not_found` for a name no room has.
 */
export async function followRooms(
  context: Context,
  rooms: readonly string[],
  all: boolean,
): Promise<Followed> {
  if (all) {
    if (rooms.length > 0) throw new VezaError('usage', 'give rooms or --all, not both')
    return followAll('room', signal => joinedRooms(context, signal))
  }
  const references = rooms.map(text => parseRoomReference(text, 'ROOM'))
  const chosen = references.length > 0 ? references : [context.roomReference(undefined, undefined)]
  return followNamed(await inOrder(chosen, room => findRoom(context, room, chosen.length > 1)))
}

/**
 * The conversations with users by id, name or `@name`, which are opened where there are none yet; without users all there
 * are. @throws {VezaError} `not_found` for a name no user has.
 */
export async function followConversations(context: Context, users: readonly string[]): Promise<Followed> {
  if (users.length === 0) return followAll('conversation', signal => openConversations(context, signal))
  const references = users.map(text => parseUserReference(text, 'USER'))
  return followNamed(await inOrder(references, user => findConversation(context, user)))
}

function followNamed(named: readonly NamedChannel[]): Followed {
  const byKey = new Map(named.map(channel => [channelKey(channel), channel]))
  const channels = [...byKey.values()]
  const label =
    channels.length > MAX_NAMES
      ? counted(channels.length, nounOf(channels))
      : channels.map(titleOf).join(', ')
  const nameOf = (channel: Channel): string | undefined => byKey.get(channelKey(channel))?.name
  return {channels: channels.map(bare), label, isOne: channels.length === 1, nameOf}
}

async function followAll(noun: string, find: FindNamed): Promise<Followed> {
  const names = new Map<string, string | undefined>()
  const note = (channels: readonly NamedChannel[]): readonly Channel[] => {
    for (const channel of channels) names.set(channelKey(channel), channel.name)
    return channels.map(bare)
  }
  const {named, isPartial} = await find()
  const channels = note(named)
  const discover: Discover = async signal => {
    const found = note((await find(signal)).named)
    return found.map(channel => ({...channel, mayBeOld: isPartial}))
  }
  const nameOf = (channel: Channel): string | undefined => names.get(channelKey(channel))
  return {channels, discover, isPartial, label: counted(channels.length, noun), isOne: false, nameOf}
}

async function joinedRooms({api}: Context, signal?: AbortSignal): ReturnType<FindNamed> {
  const rooms: NamedChannel[] = []
  for await (const {id, name} of api.rooms.all({filter: 'joined', signal}))
    rooms.push({kind: 'room', id, name})
  return {named: rooms, isPartial: false}
}

async function openConversations({api, out}: Context, signal?: AbortSignal): ReturnType<FindNamed> {
  const {items, has_more, total = 0} = await api.dms.list({limit: MAX_CONVERSATIONS, signal})
  const isPartial = has_more || total > items.length
  if (isPartial) {
    out.verbose(
      `the server lists ${items.length} conversations and no more; others are followed when they speak`,
    )
  }
  const named = items.map(({conversation_id, other_user}) => ({
    kind: 'dm' as const,
    id: conversation_id,
    name: other_user?.username,
  }))
  return {named, isPartial}
}

/** The name of a room given by its id is asked for only where it tells rooms apart. */
async function findRoom({api}: Context, room: Reference, wantsName: boolean): Promise<NamedChannel> {
  if ('id' in room && !wantsName) return {kind: 'room', id: room.id, name: undefined}
  const {id, name} = await ('id' in room ? api.rooms.get(room.id) : api.rooms.find(room.name))
  return {kind: 'room', id, name}
}

async function findConversation(context: Context, user: Reference): Promise<NamedChannel> {
  const {conversation_id, other_user} = await context.api.dms.open(await context.userId(user))
  const given = 'name' in user ? user.name : undefined
  return {kind: 'dm', id: conversation_id, name: other_user?.username ?? given}
}

/** One after the other: a server counts requests. */
async function inOrder<T, R>(items: readonly T[], find: (item: T) => Promise<R>): Promise<readonly R[]> {
  const found: R[] = []
  for (const item of items) found.push(await find(item))
  return found
}

function bare({kind, id}: Channel): Channel {
  return {kind, id}
}

function titleOf({kind, id, name}: NamedChannel): string {
  return name ?? channelTitle({kind, id})
}

function nounOf(channels: readonly Channel[]): string {
  return channels[0]?.kind === 'dm' ? 'conversation' : 'room'
}
