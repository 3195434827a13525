import type {Message} from '../../contract/resources.js'
import type {Channel} from '../realtime/channel.js'
import type {IdList} from '../realtime/cursor/id-list.js'
import type {ChannelStart} from '../realtime/feed/feed-types.js'
import type {RoomPart, StoredRoom} from '../state/redis/room-store.js'
import {idsText, readIds} from './done-ids.js'
import {addEntry} from './entry.js'

/** A later run is told of so many ids, at most; what is more would come again. */
const MOST_DELIVERED = 2_000_000
/** What is done is added part by part; after so many parts it is written anew, which takes less room. */
const ANEW_EVERY = 1_000

/** A message on its way, and whether the server never broadcast it. */
export interface Taken {
  readonly message: Message
  readonly late: boolean
}

/** A room that this member has, by which lease and where. */
export interface RoomOptions {
  readonly channel: Channel
  /** The room as its lease names it. */
  readonly name: string
  readonly token: number
  /** How far it is in Redis; undefined where it was never written. */
  readonly stored: StoredRoom | undefined
}

/**
 * What is taken of one room and not in Redis yet. One part is under way at a time, and is the same however often it is
 * tried; what is done counts from when it is taken into a part. Decisions only, no effects.
 */
export class RoomQueue {
  readonly channel: Channel
  readonly name: string
  readonly #token: number
  readonly #done: IdList
  #messages: Taken[] = []
  /** Checkpoints, each behind so many of the messages ever added. */
  #marks: {readonly behind: number; readonly id: number}[] = []
  #added = 0
  #taken = 0
  #seq: number
  #afterId: number
  /** The highest id that went into a part: lower ones behind it are late. */
  #highest: number
  #part: RoomPart | undefined
  #underWay = 0
  #isKnown: boolean
  #writtenTo: number | undefined

  constructor({channel, name, token, stored}: RoomOptions) {
    const {ids, highest} = readIds(stored?.done ?? '')
    this.channel = channel
    this.name = name
    this.#token = token
    this.#isKnown = stored !== undefined
    this.#seq = stored?.seq ?? 0
    this.#afterId = stored?.afterId ?? 0
    this.#highest = Math.max(this.#afterId, highest)
    this.#done = ids
    ids.dropTo(this.#afterId)
    if (stored !== undefined) this.#writtenTo = this.#highest
  }

  /** Where a feed goes on; undefined where Redis does not say. */
  get resumption(): ChannelStart | undefined {
    if (!this.#isKnown) return undefined
    const {channel} = this
    const afterId = this.#done.lastOfRun(this.#afterId + 1)
    const delivered = this.#done.above(afterId, MOST_DELIVERED)
    // All that was there was written in order: what is missing below the highest was not there, and is late.
    return {channel, afterId, delivered, seenTo: this.#highest}
  }

  /** Whether Redis knows how far it is: from then on nothing of it can be missed. */
  get isKnown(): boolean {
    return this.#isKnown
  }

  /** The highest id that is in Redis for certain; undefined where nothing is. */
  get writtenTo(): number | undefined {
    return this.#writtenTo
  }

  /** Messages that are not in Redis yet. */
  get pending(): number {
    return this.#messages.length + this.#underWay
  }

  /** Whether a part is under way, or something waits for one. */
  get isBusy(): boolean {
    return this.#part !== undefined || this.hasMore
  }

  /** Whether something waits for a part. */
  get hasMore(): boolean {
    return this.#messages.length > 0 || this.#marks.length > 0
  }

  add(item: Taken): void {
    this.#messages.push(item)
    this.#added += 1
  }

  /** All up to this id has been added, or is not wanted. */
  checkpoint(id: number): void {
    this.#marks.push({behind: this.#added, id})
  }

  /** The next part, of so many messages at most; undefined where there is none, or one is under way. */
  take(most: number): RoomPart | undefined {
    if (this.#part !== undefined || !this.hasMore) return undefined
    const messages = this.#messages.length > most ? this.#messages.splice(0, most) : this.#messages
    if (messages === this.#messages) this.#messages = []
    const ids: number[] = []
    const words = this.#wordsOf(messages, ids)
    const isPassed = this.#passMarks(messages.length)
    for (const id of ids) if (id > this.#afterId) this.#done.add(id)
    const isWhole = isPassed || this.#seq % ANEW_EVERY === 0
    const text = isWhole ? this.#done.encode() : idsText(ids)
    const {name} = this
    const part = {
      name,
      token: this.#token,
      seq: this.#seq,
      afterId: this.#afterId,
      done: {text, isWhole},
      words,
    }
    this.#part = part
    this.#underWay = messages.length
    return part
  }

  /** The part is in Redis. Returns how many messages it had. */
  written(): number {
    const count = this.#underWay
    this.#part = undefined
    this.#underWay = 0
    this.#seq += 1
    this.#isKnown = true
    this.#writtenTo = this.#highest
    return count
  }

  #wordsOf(messages: readonly Taken[], ids: number[]): string[] {
    const words: string[] = []
    for (const {message, late} of messages) {
      const {id} = message
      const at = words.push('') - 1
      words[at] = String(addEntry(words, message, late || id < this.#highest))
      if (id > this.#highest) this.#highest = id
      ids.push(id)
    }
    return words
  }

  /** Goes to the last checkpoint that the messages of the part have come to. */
  #passMarks(count: number): boolean {
    this.#taken += count
    const ahead = this.#marks.findIndex(({behind}) => behind > this.#taken)
    const passed = this.#marks.splice(0, ahead === -1 ? this.#marks.length : ahead)
    const id = passed.at(-1)?.id
    if (id === undefined) return false
    this.#afterId = Math.max(this.#afterId, id)
    this.#done.dropTo(this.#afterId)
    this.#highest = Math.max(this.#highest, this.#afterId)
    return true
  }
}
