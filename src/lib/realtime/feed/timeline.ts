import type {Message} from '../../../contract/resources.js'
import type {Channel} from '../channel.js'
import type {ChannelStart, FeedItem} from './feed-types.js'
import type {HistoryNeed, OpenHistory} from './history.js'
import {IdLog} from './ids.js'

/** A look at a page of history by a reconciliation asks for so many rows more than are known to be there. */
const SPARE_ROWS = 10

/** How many live messages all timelines of a feed hold back. */
export interface HeldPool {
  held: number
}

/** How many times `settleMs` older than the newest a message is that is settled by its age; clocks of servers differ. */
const OLD = 2

/** One reading of history from its settled part to its end. */
interface Pass {
  readonly startedAt: number
  /** All up to here is given out. */
  position: number
  /** What was created before is old; NaN where the server does not say when. */
  oldBefore: number
  /** All that was read so far is old. */
  isOld: boolean
  /** It began behind the settled part, and settles nothing. */
  readonly isPartial: boolean
}

/**
 * What was given out of one channel, and what is still to come: decisions only, no effects. Each message comes out once,
 * by its id, whether live or from history; while history is filled in, live ones are held.
 *
 * A message may become visible after others with higher ids. So history up to an id is settled, and not read again, only
 * when it was old when it was read, or when a second pass, begun `settleMs` after the end of the first, has read it too.
 */
export class Timeline {
  readonly channel: Channel
  readonly #start: ChannelStart
  readonly #settleMs: number
  readonly #pool: HeldPool
  readonly #log = new IdLog()
  #held: Message[] = []
  #holding = true
  /** What comes is left to the next fill. */
  #isSkipping = false
  /** Everything up to here is given out for good; undefined until history was looked at, unless the start names an id. */
  #settledTo: number | undefined
  /** Where the first pass begins; undefined once that is done. */
  #seenTo: number | undefined
  #checkpoint = -1
  /** The end of an earlier pass, and when it was reached. */
  #seen: {readonly end: number; readonly at: number} | undefined
  #pass: Pass | undefined
  /** The lowest live message of connections that broke before the first look at history. */
  #cutFrom = Number.POSITIVE_INFINITY
  #newestId = 0
  #duplicates = 0

  constructor(start: ChannelStart, {settleMs, pool}: {readonly settleMs: number; readonly pool: HeldPool}) {
    this.channel = start.channel
    this.#start = start
    this.#settleMs = settleMs
    this.#pool = pool
    if (start.afterId === undefined) return
    this.#settledTo = start.afterId
    if (start.seenTo !== undefined && start.seenTo > start.afterId) this.#seenTo = start.seenTo
    this.#log.forgetTo(start.afterId)
    for (const id of [...(start.delivered ?? [])].sort((a, b) => a - b)) this.#log.add(id)
  }

  /** Live messages that came more than once. */
  get duplicates(): number {
    return this.#duplicates
  }

  /** Whether live messages are held back: before a fill, and during it. */
  get holding(): boolean {
    return this.#holding
  }

  /** The id after which it was to begin. */
  get startId(): number | undefined {
    return this.#start.afterId
  }

  /** The newest message seen in history, 0 if there is none. */
  get newestId(): number {
    return this.#newestId
  }

  /** How many rows the newest page should have for a reconciliation that misses nothing, at most `max`. */
  expectedRows(max: number): number {
    return Math.min(max, this.#log.size + SPARE_ROWS)
  }

  /** A live message: true if it is to be given out now, false if it is held or was given out before. */
  live(message: Message): boolean {
    if (!this.#holding) return this.#isNew(message)
    if (this.#isSkipping) this.#leave(message)
    else {
      this.#held.push(message)
      this.#pool.held += 1
    }
    return false
  }

  /** Live messages are held from now on. */
  hold(): void {
    this.#holding = true
    this.#isSkipping = false
  }

  /**
   * The connection broke. What is held is dropped, because it came before a gap: history has it, and the next fill
   * reaches back to it.
   */
  cut(): void {
    this.hold()
    for (const message of this.#takeHeld()) this.#leave(message)
  }

  /** History cannot be read now: as after a `cut`, and what comes before the next `hold` is left to the next fill too. */
  postpone(): void {
    this.cut()
    this.#isSkipping = true
  }

  /** A pass over history begins: what to read. `goesOn`: one that was left off goes on where it was. */
  begin(now: number, goesOn = false): HistoryNeed {
    if (goesOn && this.#pass !== undefined) return {afterId: this.#pass.position}
    const from = this.#seenTo ?? this.#settledTo
    const isPartial = this.#seenTo !== undefined
    this.#pass = {startedAt: now, position: from ?? 0, oldBefore: Number.NaN, isOld: !isPartial, isPartial}
    if (from !== undefined) return {afterId: from}
    const startAt = this.#cutFrom === Number.POSITIVE_INFINITY ? undefined : this.#cutFrom - 1
    return {last: this.#start.last ?? 0, startAt}
  }

  /** History is open. The first time, gives the checkpoint before everything that comes. */
  opened({base, floor, before, newest}: OpenHistory): FeedItem | undefined {
    const pass = this.#pass
    if (pass === undefined) return undefined
    this.#newestId = Math.max(this.#newestId, newest?.id ?? 0)
    pass.oldBefore = createdAt(newest) - OLD * this.#settleMs
    if (this.#settledTo === undefined) {
      this.#settledTo = floor
      this.#log.forgetTo(floor)
      for (const id of before) this.#log.add(id)
      pass.position = base
    }
    return this.#checkpoint === -1 ? this.#checkpointAt(pass.isPartial ? this.#settledTo : base) : undefined
  }

  /** Of rows of history, those that were not given out. */
  unknown(rows: readonly Message[]): readonly Message[] {
    return rows.filter(({id}) => !this.#log.has(id))
  }

  /** The next rows of the pass, ascending: those that are to be given out now, with the place they are in. */
  take(rows: readonly Message[]): readonly Message[] {
    return rows.filter(({id}) => this.#log.add(id)).map(message => placed(message, this.channel))
  }

  /** These rows have been given out. Gives a checkpoint when more is settled than before, as they are old. */
  passed(rows: readonly Message[]): FeedItem | undefined {
    const pass = this.#pass
    const last = rows.at(-1)
    if (pass === undefined || last === undefined) return undefined
    pass.position = Math.max(pass.position, last.id)
    this.#newestId = Math.max(this.#newestId, last.id)
    let old = 0
    for (const message of rows) {
      pass.isOld &&= createdAt(message) < pass.oldBefore
      if (!pass.isOld) break
      old = message.id
    }
    return this.#settle(old)
  }

  /** The pass has come to the end of history. Gives a checkpoint when more is settled than before. */
  finish(now: number): FeedItem | undefined {
    const pass = this.#pass
    this.#pass = undefined
    if (pass === undefined) return undefined
    if (pass.isPartial) {
      this.#seenTo = undefined
      return undefined
    }
    const seen = this.#seen
    if (seen !== undefined && pass.startedAt - seen.at < this.#settleMs) return undefined
    this.#seen = {end: pass.position, at: now}
    return seen === undefined ? undefined : this.#settle(seen.end)
  }

  /** The fill is done, live messages are no longer held: those of them that are to be given out, and the ids of all. */
  release(): {readonly messages: readonly Message[]; readonly ids: ReadonlySet<number>} {
    this.#holding = false
    const ids = new Set<number>()
    const messages: Message[] = []
    for (const message of this.#takeHeld()) {
      const repeated = ids.has(message.id)
      ids.add(message.id)
      // The broadcast of a message that history gave too is no repetition, a second one is.
      if (this.#log.add(message.id)) messages.push(message)
      else if (repeated) this.#duplicates += 1
    }
    return {messages, ids}
  }

  #leave({id}: Message): void {
    if (this.#settledTo === undefined) this.#cutFrom = Math.min(this.#cutFrom, id)
  }

  #takeHeld(): readonly Message[] {
    const held = this.#held
    this.#held = []
    this.#pool.held -= held.length
    return held
  }

  #settle(id: number): FeedItem | undefined {
    if (id <= (this.#settledTo ?? 0)) return undefined
    this.#settledTo = id
    this.#log.forgetTo(id)
    return id > this.#checkpoint ? this.#checkpointAt(id) : undefined
  }

  #checkpointAt(id: number): FeedItem {
    this.#checkpoint = id
    return {type: 'checkpoint', channel: this.channel, id}
  }

  #isNew(message: Message): boolean {
    const isNew = this.#log.add(message.id)
    if (!isNew) this.#duplicates += 1
    return isNew
  }
}

/** History may leave out where a message is: its path has said it. */
function placed(message: Message, {kind, id}: Channel): Message {
  if (kind === 'room') return message.room_id === undefined ? {...message, room_id: id} : message
  return message.conversation_id === undefined ? {...message, conversation_id: id} : message
}

function createdAt(message: Message | undefined): number {
  return Date.parse(message?.created_at ?? '')
}
