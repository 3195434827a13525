import {VezaError} from '../../errors/veza-error.js'
import type {Channel} from '../channel.js'
import {channelKey} from '../channel.js'
import type {Progress} from './channel-progress.js'
import {IdList} from './id-list.js'

const VERSION = 1

/** Whose messages a cursor counts. Of the account what is known: its id, its name, both or neither. */
export interface CursorOwner {
  /** The address of the server, as the settings have it. */
  readonly server: string
  readonly userId?: number | undefined
  readonly username?: string | undefined
}

/** What the text of a cursor holds. */
export interface CursorContent {
  readonly owner: CursorOwner
  readonly channels: readonly (readonly [Channel, Progress])[]
}

/** The text of a cursor: JSON, version 1, see `parseCursor`. */
export function renderCursor({owner, channels}: CursorContent): string {
  const {server, userId, username} = owner
  const entries = channels.map(([channel, {afterId, done}]) => [
    channelKey(channel),
    {after: afterId, done: done.encode()},
  ])
  const content = {version: VERSION, server, user: {id: userId, name: username}, channels: undefined}
  return `${JSON.stringify({...content, channels: Object.fromEntries(entries)}, null, 2)}\n`
}

/**
 * What a text of `renderCursor` holds. A text without anything but space, as `touch` and `mktemp` make, is undefined.
 * @param path names the file in errors.
 * @throws {VezaError} `config` when it is no such text or that of a later version.
 */
export function parseCursor(text: string, path: string): CursorContent | undefined {
  if (text.trim() === '') return undefined
  const content = objectIn(text)
  const version = content?.version
  if (typeof version === 'number' && version > VERSION) {
    throw new VezaError('config', `${path} was written by a newer veza`, {hint: 'update veza'})
  }
  const owner = ownerIn(content)
  const channels = channelsIn(content?.channels)
  if (version !== VERSION || owner === undefined || channels === undefined) throw damaged(path)
  return {owner, channels}
}

type Fields = Readonly<Record<string, unknown>>

function objectIn(text: string): Fields | undefined {
  try {
    return fields(JSON.parse(text))
  } catch {
    return undefined
  }
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

function ownerIn(content: Fields | undefined): CursorOwner | undefined {
  const user = fields(content?.user)
  const {server} = content ?? {}
  if (typeof server !== 'string' || user === undefined) return undefined
  const {id, name} = user
  return {
    server,
    userId: typeof id === 'number' ? id : undefined,
    username: typeof name === 'string' ? name : undefined,
  }
}

function channelsIn(value: unknown): [Channel, Progress][] | undefined {
  const entries = fields(value)
  if (entries === undefined) return undefined
  const channels = Object.entries(entries).map(([key, entry]) => channelIn(key, fields(entry)))
  const known = channels.filter(channel => channel !== undefined)
  return known.length === channels.length ? known : undefined
}

function channelIn(key: string, entry: Fields | undefined): [Channel, Progress] | undefined {
  const [, kind, digits] = /^(room|dm):(\d+)$/.exec(key) ?? []
  const {after, done: text} = entry ?? {}
  if (kind === undefined || !isId(after) || typeof text !== 'string') return undefined
  const done = IdList.decode(text)
  if (done === undefined) return undefined
  done.dropTo(after)
  return [
    {kind: kind === 'room' ? 'room' : 'dm', id: Number(digits)},
    {afterId: after, done},
  ]
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function damaged(path: string): VezaError {
  return new VezaError('config', `${path} is no cursor of veza, or a damaged one`, {
    hint: 'put back a copy, or remove it and go on with --since and the last message you had',
  })
}
