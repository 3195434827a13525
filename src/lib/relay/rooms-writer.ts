import type {PartAnswer, RoomPart, RoomStore} from '../state/redis/room-store.js'
import {type Insistence, insist} from './insist.js'
import type {RoomQueue, Taken} from './room-queue.js'

/** So many messages go to Redis in one step: it does nothing else meanwhile, and answers within some milliseconds. */
const MOST_MESSAGES = 500
/** So many rooms. */
const MOST_ROOMS = 250
/** So many steps are under way at once, so that one is made ready while Redis works on the other. */
const AT_ONCE = 2
/** With so many messages that are not in Redis yet no more are to be read, */
const HIGH = 5_000
/** until there are so few. */
const LOW = 2_500

/** What a writer needs, and whom it tells. */
export interface RoomsWriterOptions extends Insistence {
  readonly store: Pick<RoomStore, 'write'>
  /** So many messages of a room are in Redis now, and how far it is. */
  readonly onWritten: (room: RoomQueue, count: number) => void
  /** Somebody else has the room, or Redis has gone back to an earlier state; the room is dropped. */
  readonly onRefused: (room: RoomQueue, answer: Exclude<PartAnswer, 'written'>) => void
  /** A try has failed in a way that does not pass. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Writes rooms to Redis side by side, each in order. What Redis does not take now is tried again, the very same, until it
 * does; meanwhile the reader of `isFull` waits.
 */
export class RoomsWriter {
  readonly #options: RoomsWriterOptions
  /** Rooms with something to write, and nothing under way. */
  readonly #ready = new Set<RoomQueue>()
  readonly #dropped = new WeakSet<RoomQueue>()
  readonly #idle = new Map<RoomQueue, () => void>()
  #pending = 0
  #running = 0
  #low: (() => void) | undefined
  #quiet: (() => void) | undefined

  constructor(options: RoomsWriterOptions) {
    this.#options = options
    const letGo = (): void => {
      for (const room of this.#idle.keys()) this.#tell(room)
    }
    options.signal.addEventListener('abort', letGo, {once: true})
  }

  /** Messages that are not in Redis yet. */
  get pending(): number {
    return this.#pending
  }

  /** Whether nothing more is to be added now. */
  get isFull(): boolean {
    return this.#pending >= HIGH
  }

  /** A message is to be written; `flush` begins with it. */
  add(room: RoomQueue, item: Taken): void {
    room.add(item)
    this.#pending += 1
    this.#ready.add(room)
  }

  /** All of a room up to an id was added. */
  checkpoint(room: RoomQueue, id: number): void {
    room.checkpoint(id)
    this.#ready.add(room)
  }

  /** Begins to write what can be written now. */
  flush(): void {
    while (this.#running < AT_ONCE && !this.#options.signal.aborted) {
      const rooms = new Map<RoomQueue, RoomPart>()
      this.#gather(rooms)
      if (rooms.size === 0) return
      this.#running += 1
      void this.#write(rooms)
    }
  }

  /** Resolves when more may be added, or `wakeReader` is called. */
  hasRoom(): Promise<void> {
    if (this.#pending <= LOW) return Promise.resolve()
    return new Promise(resolve => {
      this.#low = resolve
    })
  }

  /** Who waits for `hasRoom` need not wait any longer. */
  wakeReader(): void {
    this.#low?.()
    this.#low = undefined
  }

  /** Resolves when all that was added of a room is in Redis, or the room is dropped, or all trying has ended. */
  written(room: RoomQueue): Promise<void> {
    if (!room.isBusy || this.#dropped.has(room) || this.#options.signal.aborted) return Promise.resolve()
    return new Promise(resolve => this.#idle.set(room, resolve))
  }

  /** Resolves when nothing is left to write, or all has been given up. */
  allWritten(): Promise<void> {
    if (this.#running === 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#quiet = resolve
    })
  }

  /** What is left of a room is not to be written any more. */
  drop(room: RoomQueue): void {
    if (this.#dropped.has(room)) return
    this.#dropped.add(room)
    this.#ready.delete(room)
    this.#pending -= room.pending
    this.#tell(room)
    this.#wake()
  }

  #gather(rooms: Map<RoomQueue, RoomPart>): void {
    let left = MOST_MESSAGES
    for (const room of this.#ready) {
      if (left <= 0 || rooms.size >= MOST_ROOMS) return
      this.#ready.delete(room)
      const before = room.pending
      const part = room.take(left)
      if (part === undefined) continue
      rooms.set(room, part)
      left -= before
    }
  }

  async #write(rooms: ReadonlyMap<RoomQueue, RoomPart>): Promise<void> {
    const parts = [...rooms.values()]
    try {
      const answers = await insist(() => this.#options.store.write(parts), this.#options)
      let at = 0
      for (const room of rooms.keys()) this.#settle(room, answers?.[at++])
    } catch (error) {
      this.#options.onFailure(error)
    }
    this.#running -= 1
    this.flush()
    this.#wake()
  }

  #settle(room: RoomQueue, answer: PartAnswer | undefined): void {
    if (answer === undefined || this.#dropped.has(room)) return
    if (answer !== 'written') {
      this.drop(room)
      this.#options.onRefused(room, answer)
      return
    }
    const count = room.written()
    this.#pending -= count
    if (room.hasMore) this.#ready.add(room)
    else this.#tell(room)
    this.#options.onWritten(room, count)
  }

  #tell(room: RoomQueue): void {
    this.#idle.get(room)?.()
    this.#idle.delete(room)
  }

  #wake(): void {
    if (this.#pending <= LOW) this.wakeReader()
    if (this.#running > 0) return
    this.#quiet?.()
    this.#quiet = undefined
  }
}
