/** The keys of a group of processes. */
export interface GroupKeys {
  /** Sorted set: each member, by when it counts as gone, in milliseconds since 1970 by the clock of Redis. */
  readonly members: string
  /** Hash: what has been taken, and by whom: `member token`. */
  readonly leases: string
  /** The last token that was given out. */
  readonly fence: string
  /** A further key of the group. */
  of(name: string): string
}

/**
 * The keys of the group that works on a stream, or on whatever has a name: all in one slot with the key of that name, so
 * that a script may use them together on a Redis Cluster.
 * @param group what tells several groups of one stream apart
 */
export function groupKeys(stream: string, group = 'veza'): GroupKeys {
  // Of a key with braces only what is in the first pair decides on its slot.
  const slot = /^[^{]*\{[^}]+\}/.test(stream) ? stream : `{${stream}}`
  const of = (name: string): string => `${slot}:${group}:${name}`
  return {members: of('members'), leases: of('leases'), fence: of('fence'), of}
}
