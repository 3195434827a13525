import type {Link} from './links.js'

/** A room that was joined on this connection, now or before. */
interface Joined {
  /** Its last join. */
  readonly join: number
  /** Its joins that the server has neither acknowledged nor refused. */
  open: number
}

/**
 * The joins of one connection, and which of them the server has seen. A room may be left and joined again: until the
 * server has come to the new join, what it sends is still an answer to the old one.
 */
export class Joins {
  readonly #rooms = new Map<number, Joined>()
  #sent = 0
  #seen = 0
  #isAcked = false

  /** Channels are about to be joined together: gives the text of the ping behind them. */
  begin(links: readonly Link[]): string {
    this.#sent += 1
    for (const link of links) {
      const {kind, id} = link.timeline.channel
      link.join = this.#sent
      if (kind !== 'room') continue
      const {join, open} = this.#rooms.get(id) ?? {join: undefined, open: 0}
      link.earlier = join === undefined ? undefined : {join, open}
      this.#rooms.set(id, {join: this.#sent, open: open + 1})
    }
    return `join ${this.#sent}`
  }

  /** A pong has come; false if it is none to a join. */
  pong(payload: string): boolean {
    const [what, nth] = payload.split(' ')
    if (what !== 'join') return false
    this.#seen = Math.max(this.#seen, Number(nth))
    return true
  }

  /** Whether a room was joined, be it left again. */
  has(roomId: number): boolean {
    return this.#rooms.has(roomId)
  }

  /** Whether the pong to a channel's join has come. */
  isSeen({join}: Link): boolean {
    return join <= this.#seen
  }

  /** The server says that a room is joined: whether that is the join of this link, and none before it. */
  acknowledged(roomId: number, link: Link | undefined): boolean {
    this.#isAcked = true
    this.#answered(roomId)
    if (link === undefined) return false
    const {earlier} = link
    if (earlier === undefined || earlier.open === 0) return true
    earlier.open -= 1
    return false
  }

  /** The server refuses a room: whether that is for this link. A join before it is answered before its own pong. */
  refused(roomId: number, link: Link | undefined): boolean {
    this.#answered(roomId)
    if (link === undefined) return false
    const {earlier} = link
    if (earlier === undefined || earlier.join <= this.#seen) return true
    earlier.open = Math.max(0, earlier.open - 1)
    return false
  }

  /** Whether a message of a channel shows that its join was done. It may come of a join before; then an acknowledgement does. */
  isShownByMessage({earlier, joined}: Link): boolean {
    return earlier === undefined || (joined && !this.#isAcked)
  }

  #answered(roomId: number): void {
    const room = this.#rooms.get(roomId)
    if (room !== undefined) room.open = Math.max(0, room.open - 1)
  }
}
