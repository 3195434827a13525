/** What a server said of its own limit with an answer. */
export interface ServerWords {
  /** Messages a minute it takes; 0: it names no limit. Absent: nothing is known by this answer. */
  readonly limit?: number | undefined
  /** It takes no more messages for so long. */
  readonly waitMs?: number | undefined
}

/** A place in the line of those that want to send. */
export interface Place {
  /** How long until its turn; 0: now. */
  readonly waitMs: number
  /** False where the wait is longer than allowed: then the place is not taken. */
  readonly taken: boolean
  /** How often the server had stopped the line when this place was taken. */
  readonly stops: number
  /** The limit this place was given under, messages a minute; 0 for none. */
  readonly limit: number
  /** What the server last said its limit is; 0: nothing. */
  readonly serverLimit: number
}

/**
 * The line of all senders of one account, wherever it is kept. Each method may fail for reasons of that place; the
 * budget then goes on with the next one.
 */
export interface Line {
  /** Takes the next free place, if its turn comes within `maxWaitMs`. */
  enter(maxWaitMs: number): Promise<Place>
  /** Gives back a place that will not be used. */
  leave(place: Place): Promise<void>
  /** How often the server has stopped the line. A place taken before the last time is void: take another. */
  stops(): Promise<number>
  /** Takes over what the server said. */
  note(words: ServerWords): Promise<void>
  close(): Promise<void>
}
