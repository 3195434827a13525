/** A place with messages: a room, or a conversation of two users (section 4 of the contract). */
export interface Channel {
  readonly kind: 'room' | 'dm'
  readonly id: number
}

/** A name for a channel that no other has, such as `room:15` or `dm:3`. */
export function channelKey({kind, id}: Channel): string {
  return `${kind}:${id}`
}

/** What to call a channel of which no name is known: `room 15`, `conversation 3`. */
export function channelTitle({kind, id}: Channel): string {
  return `${kind === 'room' ? 'room' : 'conversation'} ${id}`
}
