import type {Channel} from '../realtime/channel.js'
import type {ChannelStart, Feed} from '../realtime/feed/feed-types.js'
import type {Lease} from '../state/redis/cluster-store.js'
import type {RoomStore, StoredRoom} from '../state/redis/room-store.js'
import {type Insistence, insist} from './insist.js'
import {RoomQueue} from './room-queue.js'

/** So many rooms are looked up at once. */
const ROOMS_AT_ONCE = 100
const NAME = /^room:(\d+)$/
/** A Redis that was emptied is noticed at once by all who had rooms; what is remembered for longer is another story. */
const REMEMBERED_MS = 300_000

/** What a share needs, and whom it tells. */
export interface RoomShareOptions extends Insistence {
  readonly feed: Pick<Feed, 'follow' | 'unfollow'>
  readonly store: Pick<RoomStore, 'claim' | 'read'>
  /** Whose rooms these are, such as the address of the server. */
  readonly owner: string
  /** Milliseconds of a clock that never goes backwards. */
  readonly now: () => number
  /** Where to begin in a room that no member has ever relayed. */
  readonly startOf: (channel: Channel) => Promise<ChannelStart>
  /** Redis has lost how far these rooms are; they go on behind what this process knows to be written. */
  readonly onEmptied: (names: readonly string[]) => void
  /** The share has changed, or Redis knows how far all of it is. */
  readonly onChange: () => void
  readonly onFailure: (error: unknown) => void
}

interface Held {
  readonly lease: Lease
  /** Undefined while it is looked up. */
  room: RoomQueue | undefined
}

/** The rooms that this member has: each from its lease, by way of how far it is, to a channel of the feed. */
export class RoomShare {
  readonly #options: RoomShareOptions
  readonly #held = new Map<string, Held>()
  readonly #byChannel = new Map<Channel, RoomQueue>()
  /** Rooms of which Redis does not know yet how far they are. */
  readonly #unknown = new Set<string>()
  /** Up to where rooms were written when they were taken away, and when: for a Redis that was emptied. */
  readonly #writtenTo = new Map<string, {readonly id: number; readonly atMs: number}>()

  constructor(options: RoomShareOptions) {
    this.#options = options
  }

  /** How many rooms there are. */
  get size(): number {
    return this.#held.size
  }

  /** Whether Redis knows of all of them how far they are: whoever has them next misses nothing. */
  get isKnown(): boolean {
    return this.#unknown.size === 0
  }

  /** The room of a channel of the feed; undefined where it is not ours any more. */
  roomOf(channel: Channel): RoomQueue | undefined {
    return this.#byChannel.get(channel)
  }

  /** These are to be relayed from now on. */
  begin(leases: readonly Lease[]): void {
    const added = leases.map(lease => this.#hold(lease))
    this.#lookUp(added).catch(this.#options.onFailure)
  }

  /** These are not ours any more, as far as the lease is the one that we had. Returns their rooms. */
  end(leases: readonly Lease[]): readonly RoomQueue[] {
    const rooms: RoomQueue[] = []
    for (const {name, token} of leases) {
      const held = this.#held.get(name)
      if (held === undefined || held.lease.token !== token) continue
      this.#forget(held)
      if (held.room !== undefined) rooms.push(held.room)
    }
    this.#options.feed.unfollow(rooms.map(({channel}) => channel))
    this.#options.onChange()
    return rooms
  }

  /** The lease of a room, which was taken away without its member being told. Returns it to be let go. */
  leaseOf(room: RoomQueue): Lease | undefined {
    const held = this.#held.get(room.name)
    return held?.room === room ? held.lease : undefined
  }

  /** Notes up to where a room was written that is taken away. */
  remember({name, writtenTo}: RoomQueue): void {
    if (writtenTo !== undefined) this.#writtenTo.set(name, {id: writtenTo, atMs: this.#options.now()})
  }

  /** Redis knows now how far a room is. */
  known(room: RoomQueue): void {
    if (this.#unknown.size === 0 || this.leaseOf(room) === undefined) return
    if (this.#unknown.delete(room.name) && this.isKnown) this.#options.onChange()
  }

  #hold(lease: Lease): Held {
    const before = this.#held.get(lease.name)
    if (before !== undefined) this.end([before.lease])
    const held: Held = {lease, room: undefined}
    this.#held.set(lease.name, held)
    this.#unknown.add(lease.name)
    return held
  }

  #forget({lease, room}: Held): void {
    this.#held.delete(lease.name)
    this.#unknown.delete(lease.name)
    if (room !== undefined) this.#byChannel.delete(room.channel)
  }

  async #lookUp(added: readonly Held[]): Promise<void> {
    for (let at = 0; at < added.length; at += ROOMS_AT_ONCE) {
      const some = added.slice(at, at + ROOMS_AT_ONCE)
      const stored = await insist(() => this.#stored(some), this.#options)
      if (stored === undefined) return
      await this.#follow(some, stored)
    }
    this.#options.onChange()
  }

  /** A Redis that was emptied does not know either whose rooms these are. */
  async #stored(some: readonly Held[]): Promise<readonly (StoredRoom | undefined)[]> {
    const {owner, store} = this.#options
    await store.claim(owner)
    return store.read(some.map(({lease}) => lease.name))
  }

  async #follow(some: readonly Held[], stored: readonly (StoredRoom | undefined)[]): Promise<void> {
    const found: {held: Held; room: RoomQueue; start: ChannelStart}[] = []
    const emptied: string[] = []
    for (const [at, held] of some.entries()) {
      const {name, token} = held.lease
      const channel: Channel = {kind: 'room', id: Number(NAME.exec(name)?.[1])}
      const room = new RoomQueue({channel, name, token, stored: stored[at]})
      if (!room.isKnown && this.#remembered(name) !== undefined) emptied.push(name)
      found.push({held, room, start: await this.#startOf(room)})
    }
    if (emptied.length > 0) this.#options.onEmptied(emptied)
    // Finding a start may take long: what was given away meanwhile would be followed for nobody.
    const ours = found.filter(({held}) => this.#held.get(held.lease.name) === held)
    for (const {held, room} of ours) this.#enter(held, room)
    this.#options.feed.follow(ours.map(({start}) => start))
  }

  #enter(held: Held, room: RoomQueue): void {
    held.room = room
    if (room.isKnown) this.#unknown.delete(room.name)
    this.#byChannel.set(room.channel, room)
    this.#writtenTo.delete(room.name)
  }

  #startOf({channel, name, resumption}: RoomQueue): ChannelStart | Promise<ChannelStart> {
    if (resumption !== undefined) return resumption
    const afterId = this.#remembered(name)
    return afterId === undefined ? this.#options.startOf(channel) : {channel, afterId}
  }

  #remembered(name: string): number | undefined {
    const written = this.#writtenTo.get(name)
    return written === undefined || this.#options.now() - written.atMs > REMEMBERED_MS
      ? undefined
      : written.id
  }
}
