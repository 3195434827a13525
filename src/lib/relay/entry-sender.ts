import {keyedClientId} from '../delivery/client-id.js'
import type {DeliverOptions} from '../delivery/deliver.js'
import {VezaError} from '../errors/veza-error.js'
import type {Channel} from '../realtime/channel.js'
import type {OutgoingEntry} from './outgoing.js'
import {sendEntry} from './send-entry.js'

/** Names of rooms that are remembered: a foreign stream may hold any number. */
const KNOWN_NAMES = 1000

/** What sending the entries of one stream needs. */
export interface EntrySenderOptions {
  readonly delivery: Omit<DeliverOptions, 'retries'>
  /** The id of a room that is given by its name. @throws {VezaError} `not_found`, `usage` for several. */
  readonly findRoom: (name: string) => Promise<number>
  /** See `StreamReader`. */
  readonly lastMessageId: (roomId: number) => Promise<number>
}

/** What is known of an entry before it is sent. */
export interface KnownEntry {
  /** The same for this entry in each run, and for no other. */
  readonly key: string
  /** Since when somebody may have sent it, by the server's clock; undefined where nobody has. */
  readonly heldSinceMs: number | undefined
}

/** A message of an entry, in its room. */
export interface Arrived {
  readonly result: 'sent' | 'repeated'
  readonly roomId: number
  readonly messageId: number
}

/** Sends the entries of one stream, one after the other, for as long as this member has its lease. */
export class EntrySender {
  readonly #options: EntrySenderOptions
  readonly #rooms = new Map<string, number>()
  readonly #lastIds = new Map<number, number>()

  constructor(options: EntrySenderOptions) {
    this.#options = options
  }

  /**
   * Sends the message that an entry asks for, once.
   * @throws {VezaError} as `sendEntry`, and what finding the room throws.
   */
  async send(wanted: OutgoingEntry, {key, heldSinceMs}: KnownEntry): Promise<Arrived> {
    const {room, content, parentId} = wanted
    const roomId = 'id' in room ? room.id : await this.#roomOf(room.name)
    const place: Channel = {kind: 'room', id: roomId}
    const outgoing = {place, content, parentId, clientId: keyedClientId(place, key)}
    try {
      const before = {heldSinceMs, afterId: await this.#lastIdOf(roomId)}
      const {result, messageId} = await sendEntry(outgoing, before, this.#options.delivery)
      this.#lastIds.set(roomId, messageId)
      return {result, roomId, messageId}
    } catch (error) {
      // Another room may have the name by now.
      if ('name' in room && error instanceof VezaError && error.code === 'not_found')
        this.#rooms.delete(room.name)
      throw error
    }
  }

  async #roomOf(name: string): Promise<number> {
    const known = this.#rooms.get(name)
    if (known !== undefined) return known
    const id = await this.#find(name)
    const [oldest] = this.#rooms.keys()
    if (this.#rooms.size >= KNOWN_NAMES && oldest !== undefined) this.#rooms.delete(oldest)
    this.#rooms.set(name, id)
    return id
  }

  /** A name that several rooms have is the entry's fault, not that of who runs the relay. */
  async #find(name: string): Promise<number> {
    try {
      return await this.#options.findRoom(name)
    } catch (error) {
      if (!(error instanceof VezaError) || error.code !== 'usage') throw error
      throw new VezaError('not_found', error.message, {cause: error})
    }
  }

  async #lastIdOf(roomId: number): Promise<number> {
    const id = this.#lastIds.get(roomId) ?? (await this.#options.lastMessageId(roomId))
    this.#lastIds.set(roomId, id)
    return id
  }
}
