import type {Channel} from '../../realtime/channel.js'
import type {Cursor} from '../../realtime/cursor/cursor.js'
import type {ChannelStart, ReadPage} from '../../realtime/feed/feed-types.js'
import {findIdBefore} from '../../realtime/feed/find-id.js'
import type {Since} from '../since.js'
import type {Followed} from './channels.js'

/** Where to begin, as it was asked for. */
export interface StartOptions {
  readonly last: number | undefined
  readonly since: Since | undefined
  readonly cursor: Cursor | undefined
  /** Finds the message of a time. */
  readonly readPage: ReadPage
  readonly signal: AbortSignal
}

/**
 * Where a feed begins in each channel: where the cursor says, else after `since`, else before the last so many. Once a
 * cursor knows of one conversation, others it does not know are newer than its last run, and wanted from their beginning,
 * unless the server lists only a part of them.
 */
export async function startsOf(followed: Followed, options: StartOptions): Promise<readonly ChannelStart[]> {
  const {cursor} = options
  const isResumed = followed.channels.some(channel => cursor?.start(channel) !== undefined)
  const starts: ChannelStart[] = []
  for (const channel of followed.channels) {
    const known = cursor?.start(channel)
    if (known !== undefined) starts.push({channel, ...known})
    else if (isResumed && isNew(channel, followed)) starts.push({channel, afterId: 0})
    else starts.push(await firstStart(channel, options))
  }
  return starts
}

function isNew({kind}: Channel, {discover, isPartial}: Followed): boolean {
  return kind === 'dm' && discover !== undefined && isPartial !== true
}

async function firstStart(channel: Channel, options: StartOptions): Promise<ChannelStart> {
  const {last, since, readPage, signal} = options
  if (since === undefined) return {channel, last}
  if ('id' in since) return {channel, afterId: since.id}
  return {channel, afterId: await findIdBefore(readPage, channel, since.timeMs, signal)}
}
