import type {Frame} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import {nearest} from '../nearest.js'

/** What can be followed; `all` is everything a server tells without having been asked. */
const TYPES = ['message', 'reaction', 'edit', 'presence', 'all'] as const

/** A word of `--types`. */
export type EventType = (typeof TYPES)[number]

/** The contract names no event for a changed message; these are the words that servers use. */
const EDIT = /^(?:room_|dm_)?message_(?:edited|updated|deleted|pinned|unpinned)$/

/** A word of `--types`. @throws {VezaError} `usage` listing all of them. */
export function parseEventType(text: string, label: string): EventType {
  const type = TYPES.find(word => word === text)
  if (type !== undefined) return type
  const near = nearest(text.toLowerCase(), TYPES)
  throw new VezaError('usage', `${label} wants one or more of: ${TYPES.join(', ')}`, {
    hint: near === undefined ? undefined : `did you mean ${near}?`,
  })
}

/** Whether the types ask for messages; without any they do. */
export function wantsMessages(types: readonly EventType[] | undefined): boolean {
  return types === undefined || types.includes('message') || types.includes('all')
}

/** Which frames of a server, beside its messages, the types ask for; undefined where none. */
export function frameFilter(types: readonly EventType[]): ((frame: Frame) => boolean) | undefined {
  const wanted = new Set(types)
  if (wanted.has('all')) return () => true
  wanted.delete('message')
  if (wanted.size === 0) return undefined
  return frame => {
    const type = typeOf(frame)
    return type !== undefined && wanted.has(type)
  }
}

function typeOf({type}: Frame): EventType | undefined {
  if (type === 'reaction_added' || type === 'reaction_removed') return 'reaction'
  if (type === 'user_presence') return 'presence'
  return EDIT.test(type) ? 'edit' : undefined
}
