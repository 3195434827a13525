/** Where a waiting message goes, as it was given: the id of a name may be found out at the server only. */
export type Target =
  | {readonly kind: 'room'; readonly id: number}
  | {readonly kind: 'room'; readonly name: string}
  /** The user at the other end of a conversation. */
  | {readonly kind: 'dm'; readonly id: number}
  | {readonly kind: 'dm'; readonly name: string}

/** What is known, without asking the server, of the account that a message was written as. */
export interface Owner {
  readonly userId?: number | undefined
  readonly username?: string | undefined
  /** Of an API key, or a token that says nothing: a part of its hash. */
  readonly secretHash?: string | undefined
}

/** What is to be sent. Without a key it bears `clientId` from the beginning; a key is made one when its place is known. */
export interface QueuedContent {
  readonly content: string
  readonly parentId?: number | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly clientId?: string | undefined
  /** Under which it is sent once. */
  readonly key?: string | undefined
  /** Of the message that gets this content. */
  readonly upsertKey?: string | undefined
}

/** Why a message could not be sent, as far as it is kept. */
export interface Fault {
  readonly code: string
  readonly message: string
}

/** A message to be kept until it is sent. */
export interface NewEntry {
  readonly owner: Owner
  readonly target: Target
  readonly message: QueuedContent
  /** Milliseconds since 1970. */
  readonly createdMs: number
  /** What became of a try before it was put here. */
  readonly tried?: Trial | undefined
}

/** A try that has failed. */
export interface Trial {
  readonly fault: Fault
  /** Where it may have arrived: when the first such try began, milliseconds since 1970 by the server's clock. */
  readonly inDoubtSinceMs?: number | undefined
}

/** A message in the outbox. */
export interface OutboxEntry {
  /** Grows: the order in which they were put here. */
  readonly id: number
  readonly owner: Owner
  readonly target: Target
  readonly message: QueuedContent
  readonly createdMs: number
  /** So many have failed. */
  readonly tries: number
  readonly inDoubtSinceMs?: number | undefined
  /** Of the last try. */
  readonly fault?: Fault | undefined
  /** The server has refused it for good: it is not tried again by itself. */
  readonly refused: boolean
}

/**
 * Whether a message belongs to an account, by the first fact that is known of both; where there is none, it does not: a
 * message must never be sent under somebody else's name.
 */
export function isOwner(owner: Owner, account: Owner): boolean {
  for (const fact of ['userId', 'username', 'secretHash'] as const) {
    if (owner[fact] !== undefined && account[fact] !== undefined) return owner[fact] === account[fact]
  }
  return false
}
