/** A live socket, as the hub sees it. */
export interface Subscriber {
  /** 0 until it is known. */
  readonly userId: number
  /** Whether an access token, and no API key, said who it is. */
  readonly hasToken: boolean
  /** Sends a frame, as text unless said otherwise. */
  deliver(frame: Buffer, isBinary?: boolean): void
  close(code: number, reason: string): void
  /** Ends it without a closing handshake. */
  cut(): void
  /** From now on nothing is sent, answers to pings neither, and nothing is read. */
  hush(): void
  /** Ends what one `hush` began. */
  unhush(): void
}

/** Brings a frame to sockets; `roomId` is that of the room whose event it is. */
export type Carry = (frame: Buffer, to: Iterable<Subscriber>, roomId?: number) => void

/** What a user tells of himself with `update_status`. */
interface Presence {
  readonly status: string
  readonly message: string
}

/** One frame of section 5, serialised once however many sockets it goes to. */
export function encodeFrame(type: string, data: unknown): Buffer {
  return Buffer.from(JSON.stringify({type, data}))
}

/** Who is connected and who listens to which room; carries events to them. */
export class Hub {
  /** Every open socket, those too of which nothing is known yet. */
  readonly sockets = new Set<Subscriber>()
  readonly #byUser = new Map<number, Set<Subscriber>>()
  readonly #byRoom = new Map<number, Set<Subscriber>>()
  readonly #presence = new Map<number, Presence>()

  constructor(readonly carry: Carry) {}

  get size(): number {
    let count = 0
    for (const sockets of this.#byUser.values()) count += sockets.size
    return count
  }

  add(subscriber: Subscriber): void {
    addTo(this.#byUser, subscriber.userId, subscriber)
  }

  /** Forgets a socket; true when it was the user's last. */
  remove(subscriber: Subscriber): boolean {
    for (const roomId of [...this.#byRoom.keys()]) this.leave(subscriber, roomId)
    removeFrom(this.#byUser, subscriber.userId, subscriber)
    if (this.#byUser.has(subscriber.userId)) return false
    this.#presence.delete(subscriber.userId)
    return true
  }

  join(subscriber: Subscriber, roomId: number): void {
    addTo(this.#byRoom, roomId, subscriber)
  }

  leave(subscriber: Subscriber, roomId: number): void {
    removeFrom(this.#byRoom, roomId, subscriber)
  }

  /** A user who is no member any more hears nothing more of the room, on any socket. */
  expel(userId: number, roomId: number): void {
    for (const subscriber of this.#byUser.get(userId) ?? []) this.leave(subscriber, roomId)
  }

  isIn(subscriber: Subscriber, roomId: number): boolean {
    return this.#byRoom.get(roomId)?.has(subscriber) ?? false
  }

  closeRoom(roomId: number): void {
    this.#byRoom.delete(roomId)
  }

  setPresence(userId: number, presence: Presence): void {
    this.#presence.set(userId, presence)
  }

  /** Whether others see the user as there: connected, and not invisible. */
  isOnline(userId: number): boolean {
    return this.#byUser.has(userId) && this.#presence.get(userId)?.status !== 'invisible'
  }

  /** To every socket that joined the room. */
  toRoom(roomId: number, type: string, data: unknown): void {
    const sockets = this.#byRoom.get(roomId)
    if (sockets) this.carry(encodeFrame(type, data), sockets, roomId)
  }

  /** To every socket of these users. */
  toUsers(userIds: readonly number[], type: string, data: unknown): void {
    const sockets = userIds.flatMap(userId => [...(this.#byUser.get(userId) ?? [])])
    this.carry(encodeFrame(type, data), sockets)
  }
}

function addTo(index: Map<number, Set<Subscriber>>, key: number, subscriber: Subscriber): void {
  const known = index.get(key)
  if (known) known.add(subscriber)
  else index.set(key, new Set([subscriber]))
}

function removeFrom(index: Map<number, Set<Subscriber>>, key: number, subscriber: Subscriber): void {
  const known = index.get(key)
  known?.delete(subscriber)
  if (known?.size === 0) index.delete(key)
}
