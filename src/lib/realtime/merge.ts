import type {Message} from '../../contract/resources.js'
import {DeliveredIds} from './dedupe.js'

/**
 * How many delivered messages a gap fill looks at again: a message that came a little out of order just before the
 * connection broke, and so was never broadcast to us, has a smaller id than the last one delivered. One page's worth.
 */
const OVERLAP = 100

/** Where to begin. */
export interface Start {
  /** So many messages from before the start come first. */
  readonly last: number
  /** Everything after this id comes; then `last` counts for nothing. */
  readonly afterId?: number | undefined
}

/** What a fill has read: the messages needed, in any order, and the newest id of the room, 0 if it is empty. */
export interface FillResult {
  readonly messages: readonly Message[]
  readonly newestId: number
}

/** What comes of a fill. */
export interface Filled {
  /** From history, ascending, then what was held. */
  readonly deliver: readonly Message[]
  /** Those from history that were not seen live. */
  readonly missed: readonly Message[]
  /** The newest id of the room, 0 if it is empty. */
  readonly newestId: number
}

/**
 * Decides, without any effect, what of history, buffer and live frames is delivered, in which order, and each message
 * once. Live messages that come during a fill are held back; the end of the fill gives history ascending, then these.
 */
export class Merge {
  readonly #start: Start
  readonly #delivered: DeliveredIds
  #held: Message[] = []
  #filling = true
  /** Undefined until the first fill; then nothing at or below it is asked of history. */
  #baseline: number | undefined
  /** The first live message that came before the first fill, when its connection broke before that fill. */
  #cutFrom = Number.POSITIVE_INFINITY
  /** The newest id that a fill has seen in history. */
  #filledTo = 0
  #duplicates = 0

  constructor(start: Start, delivered = new DeliveredIds()) {
    this.#start = start
    this.#delivered = delivered
    this.#baseline = start.afterId
  }

  /** Messages that came more than once. */
  get duplicates(): number {
    return this.#duplicates
  }

  /** Live messages held back. */
  get held(): number {
    return this.#held.length
  }

  /** Whether history has been read up to this id. */
  hasFilledTo(id: number): boolean {
    return id <= this.#filledTo
  }

  /** A live message: true if it is to be delivered now, false if it is held or was delivered before. */
  live(message: Message): boolean {
    if (!this.#filling) return this.#isNew(message)
    this.#held.push(message)
    return false
  }

  /** Live messages are held from now on. Says what the fill needs of history. */
  beginFill(): HistoryNeed {
    this.#filling = true
    if (this.#baseline !== undefined) return new HistoryNeed(0, this.#resumeAfter(this.#baseline))
    return new HistoryNeed(this.#start.last, this.#cutFrom - 1)
  }

  /**
   * The connection broke. What is held is dropped, because it came before a gap: the next fill reaches back to it, and
   * history has it too.
   */
  cut(): void {
    this.#filling = true
    if (this.#baseline === undefined)
      for (const {id} of this.#held) this.#cutFrom = Math.min(this.#cutFrom, id)
    this.#held = []
  }

  /** The fill is done: what to deliver now. */
  endFill({messages, newestId}: FillResult): Filled {
    // Ascending before the ids are noted: the memory for ids forgets the low ones first.
    const filled = [...messages].sort((a, b) => a.id - b.id).filter(({id}) => this.#delivered.add(id))
    const heldIds = new Set(this.#held.map(({id}) => id))
    const filledIds = new Set(filled.map(({id}) => id))
    // The broadcast of a message that history gave too is no repetition, a second one is.
    const held = this.#held.filter(message => !filledIds.delete(message.id) && this.#isNew(message))
    this.#held = []
    this.#filling = false
    this.#baseline ??= newestId
    this.#filledTo = Math.max(this.#filledTo, newestId)
    return {deliver: [...filled, ...held], missed: filled.filter(({id}) => !heldIds.has(id)), newestId}
  }

  #resumeAfter(baseline: number): number {
    return Math.max(baseline, this.#delivered.lowestOfLast(OVERLAP) ?? 0)
  }

  #isNew(message: Message): boolean {
    const isNew = this.#delivered.add(message.id)
    if (!isNew) this.#duplicates += 1
    return isNew
  }
}

/** What a fill wants of history: all after an id, and so many from before it. */
export class HistoryNeed {
  readonly #before: number
  readonly #afterId: number

  constructor(before: number, afterId: number) {
    this.#before = before
    this.#afterId = afterId
  }

  /** How many rows the first page should have, at most `max`. At least 1, since the newest id is wanted always. */
  firstLimit(max: number): number {
    return this.#afterId === Number.POSITIVE_INFINITY ? Math.max(1, Math.min(max, this.#before)) : max
  }

  /** Whether these messages, newest first and without a hole, are all that is needed. */
  isMet(newestFirst: readonly Message[]): boolean {
    const older = newestFirst.length - this.#countAfter(newestFirst)
    return older > 0 && older >= this.#before
  }

  /** The part of them that is wanted. */
  pick(newestFirst: readonly Message[]): readonly Message[] {
    return newestFirst.slice(0, this.#countAfter(newestFirst) + this.#before)
  }

  #countAfter(newestFirst: readonly Message[]): number {
    const first = newestFirst.findIndex(({id}) => id <= this.#afterId)
    return first === -1 ? newestFirst.length : first
  }
}
