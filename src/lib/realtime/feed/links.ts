import type {Timeline} from './timeline.js'

/** A channel on one connection. */
export interface Link {
  readonly timeline: Timeline
  /** Something says that the join was seen, be it the pong behind it. */
  joined: boolean
  /** A frame has shown that the join was done: its acknowledgement, or a message of the channel. */
  shown: boolean
  /** Filled: what comes is given out as it comes. */
  live: boolean
  /** The comparison with history that is going on. */
  comparing: Promise<void> | undefined
  /** The account may not read it any more: it is followed no longer. */
  dropped: boolean
}

/** The channels on one connection, by what a frame names. */
export class Links {
  readonly rooms = new Map<number, Link>()
  readonly conversations = new Map<number, Link>()

  /** Adds channels. */
  add(timelines: readonly Timeline[]): readonly Link[] {
    return timelines.map(timeline => {
      const link: Link = {
        timeline,
        joined: false,
        shown: false,
        live: false,
        comparing: undefined,
        dropped: false,
      }
      this.#indexOf(link).set(timeline.channel.id, link)
      return link
    })
  }

  /** Takes one away; what goes on with it counts for nothing. */
  drop(link: Link): void {
    link.dropped = true
    link.live = false
    link.timeline.cut()
    this.#indexOf(link).delete(link.timeline.channel.id)
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

  #indexOf({timeline}: Link): Map<number, Link> {
    return timeline.channel.kind === 'room' ? this.rooms : this.conversations
  }
}
