import {fill, type Gap, type SyncContext} from './sync.js'
import type {Timeline} from './timeline.js'

/** So many channels are filled at once: a server allows a user some 100 requests a minute (section 3). */
const FILLS_AT_ONCE = 4

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
}

/** The channels on one connection, by what a frame names. */
export class Links {
  readonly rooms = new Map<number, Link>()
  readonly conversations = new Map<number, Link>()

  /** Adds channels. */
  add(timelines: readonly Timeline[]): readonly Link[] {
    return timelines.map(timeline => {
      const link: Link = {timeline, joined: false, shown: false, live: false, comparing: undefined}
      const {kind, id} = timeline.channel
      const index = kind === 'room' ? this.rooms : this.conversations
      index.set(id, link)
      return link
    })
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
}

/** Who is told of fills. */
export interface FillListener {
  filled(link: Link, gap: Gap | undefined): void
  failed(error: unknown): void
}

/** Fills channels from history, a few at a time. */
export class Fills {
  readonly #sync: SyncContext
  readonly #listener: FillListener
  readonly #waiting: Link[] = []
  /** Those that are being filled, and whether history has to be read once more before they are live. */
  readonly #running = new Map<Link, boolean>()
  #idle: (() => void)[] = []

  constructor(sync: SyncContext, listener: FillListener) {
    this.#sync = sync
    this.#listener = listener
  }

  /** Holds a channel's live messages and fills it; one that is being filled is filled once more. */
  begin(link: Link): void {
    link.timeline.hold()
    if (this.#running.has(link)) this.#running.set(link, true)
    else if (!this.#waiting.includes(link)) this.#waiting.push(link)
    this.#next()
  }

  /** Whether a channel waits for its fill or is being filled. */
  isBusy(link: Link): boolean {
    return this.#running.has(link) || this.#waiting.includes(link)
  }

  /** Resolves when nothing is being filled, or waits to be. */
  async idle(): Promise<void> {
    if (this.#running.size > 0) await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  #next(): void {
    while (this.#running.size < FILLS_AT_ONCE) {
      const link = this.#waiting.shift()
      if (link === undefined) break
      this.#running.set(link, false)
      void this.#run(link)
    }
    if (this.#running.size > 0) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  async #run(link: Link): Promise<void> {
    try {
      await link.comparing
      const gap = await fill(link.timeline, this.#sync, () => this.#again(link))
      this.#running.delete(link)
      link.live = true
      this.#listener.filled(link, gap)
    } catch (error) {
      this.#running.delete(link)
      this.#listener.failed(error)
    }
    this.#next()
  }

  #again(link: Link): boolean {
    const again = this.#running.get(link) === true
    this.#running.set(link, false)
    return again
  }
}
