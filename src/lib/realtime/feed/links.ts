import type {Timeline} from './timeline.js'

/** A channel on one connection. */
export interface Link {
  readonly timeline: Timeline
  /** Aborted when it is followed no longer, or the connection ends. */
  readonly signal: AbortSignal
  /** By which of the joins of the connection it is joined. */
  join: number
  /** A room that was joined before on this connection: its join then, and how many of its joins were not answered. */
  earlier: {readonly join: number; open: number} | undefined
  /** Something says that the join was seen, be it the pong behind it. */
  joined: boolean
  /** A frame has shown that the join was done: its acknowledgement, or a message of the channel. */
  shown: boolean
  /** Filled: what comes is given out as it comes. */
  live: boolean
  /** The comparison with history that is going on. */
  comparing: Promise<void> | undefined
  /** It is followed no longer: unfollowed, or the account may not read it any more. */
  dropped: boolean
}

/** The channels on one connection, by what a frame names. */
export class Links {
  readonly rooms = new Map<number, Link>()
  readonly conversations = new Map<number, Link>()
  readonly #aborts = new Map<Link, AbortController>()

  /** Adds channels. What comes before their joins were seen is left to the fills that begin then. */
  add(timelines: readonly Timeline[]): readonly Link[] {
    return timelines.map(timeline => {
      timeline.postpone()
      const abort = new AbortController()
      const link: Link = {
        timeline,
        signal: abort.signal,
        join: 0,
        earlier: undefined,
        joined: false,
        shown: false,
        live: false,
        comparing: undefined,
        dropped: false,
      }
      this.#aborts.set(link, abort)
      this.#indexOf(timeline).set(timeline.channel.id, link)
      return link
    })
  }

  /** Takes one away: what goes on with it ends, and what it holds is dropped. */
  drop(link: Link): void {
    link.dropped = true
    link.live = false
    link.timeline.cut()
    this.#indexOf(link.timeline).delete(link.timeline.channel.id)
    this.#aborts.get(link)?.abort()
    this.#aborts.delete(link)
  }

  /** The connection has ended, and so does all that goes on with them. */
  end(): void {
    for (const abort of this.#aborts.values()) abort.abort()
  }

  /** That of a timeline. */
  of(timeline: Timeline): Link | undefined {
    const link = this.#indexOf(timeline).get(timeline.channel.id)
    return link?.timeline === timeline ? link : undefined
  }

  /** All of them. */
  get all(): readonly Link[] {
    return [...this.rooms.values(), ...this.conversations.values()]
  }

  /** Whether what a frame is about is not one of these: a room or a conversation that it names says so. */
  isElsewhere(data: Readonly<Record<string, unknown>>): boolean {
    const {room_id: room, conversation_id: conversation} = data
    if (room !== undefined && room !== null && !this.rooms.has(Number(room))) return true
    return (
      conversation !== undefined && conversation !== null && !this.conversations.has(Number(conversation))
    )
  }

  #indexOf({channel}: Timeline): Map<number, Link> {
    return channel.kind === 'room' ? this.rooms : this.conversations
  }
}
