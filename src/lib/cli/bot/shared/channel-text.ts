import type {Channel} from '../../../realtime/channel.js'
import type {Progress} from '../../../realtime/cursor/channel-progress.js'
import {IdList} from '../../../realtime/cursor/id-list.js'

/** How far a channel is, as a text: the id up to which all is done, and the ids above it that are. */
export function progressText({afterId, done}: Progress): string {
  return `${afterId} ${done.encode()}`
}

/** What `progressText` wrote; undefined for no text, and for what it cannot have written. */
export function readProgress(text: string | undefined): Progress | undefined {
  const [, digits, ids = ''] = /^(\d+) (\S*)$/.exec(text ?? '') ?? []
  const done = IdList.decode(ids)
  return digits === undefined || done === undefined ? undefined : {afterId: Number(digits), done}
}

/** The channel of a lease's name, which `channelKey` made. */
export function channelOf(name: string): Channel {
  const [kind, digits] = name.split(':')
  return {kind: kind === 'room' ? 'room' : 'dm', id: Number(digits)}
}
