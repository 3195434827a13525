import {MOST_UNSETTLED, type Sendable} from './types.js'

/** So much of frames that are not acknowledged yet, in characters. */
const MOST_TEXT = 1024 * 1024

/** The messages that are on their way over a connection, and what is known of the server: it outlives the connection. */
export class Window {
  /** Sent and not acknowledged, in the order of sending. */
  readonly inFlight = new Map<string, Sendable>()
  /** The server has acknowledged a message by its `client_id`. Until then one is sent at a time. */
  proven = false
  /** The room must be joined before it takes messages. */
  joins = false
  #text = 0
  #refusals = 0

  /** Whether another message may be sent now. */
  get isOpen(): boolean {
    const most = this.proven ? MOST_UNSETTLED : 1
    return this.#refusals === 0 && this.inFlight.size < most && this.#text < MOST_TEXT
  }

  /** A message is sent, as a frame of so many characters. */
  add(pending: Sendable, characters: number): void {
    this.inFlight.set(pending.clientId, pending)
    this.#text += characters
  }

  /** A message was acknowledged; undefined for one that is not on its way. */
  remove(clientId: string): Sendable | undefined {
    const pending = this.inFlight.get(clientId)
    if (pending === undefined) return undefined
    this.inFlight.delete(clientId)
    // An upper bound in between: that of the whole window leaves with its last message.
    if (this.inFlight.size === 0) this.#text = 0
    return pending
  }

  /** One of them was refused; which, is not known. Nothing more is sent until `drain`. Returns how many there are now. */
  refuse(): number {
    this.#refusals += 1
    return this.#refusals
  }

  /**
   * Every message has its answer by now: takes out those that were refused. Undefined where their number is not that of
   * the refusals.
   */
  drain(): readonly Sendable[] | undefined {
    const refused = [...this.inFlight.values()]
    if (refused.length !== this.#refusals) return undefined
    this.clear()
    return refused
  }

  /** Nothing is on its way any more. */
  clear(): void {
    this.inFlight.clear()
    this.#text = 0
    this.#refusals = 0
  }
}
