import type {ChannelStart} from '../feed/feed-types.js'
import {IdList} from './id-list.js'
import {InOrder} from './in-order.js'

/** What a later run is told not to repeat, at most; what is more comes again. */
const MAX_DELIVERED = 2_000_000

/** Where a later run goes on in a channel. */
export type Resumption = Required<Pick<ChannelStart, 'afterId' | 'delivered'>>

/** What of one channel has left the process, as a cursor keeps it. */
export interface Progress {
  /** Nothing up to this id is wanted any more. */
  readonly afterId: number
  /** Ids above it that are done. */
  readonly done: IdList
}

/**
 * How far one channel is. It holds to one rule, as far as checkpoints are true: whatever was taken and is not done is
 * above `afterId` and not among the done ids, so that a later run gets it again.
 */
export class ChannelProgress {
  readonly #order = new InOrder()
  readonly #done: IdList
  /** Undefined until something is known. */
  #afterId: number | undefined
  /** Checkpoints that wait until so many ids are done. */
  #waiting: {readonly taken: number; readonly id: number}[] = []

  /** Goes on from what an earlier run has left. */
  constructor(stored?: Progress) {
    this.#afterId = stored?.afterId
    this.#done = stored?.done ?? new IdList()
  }

  taken(id: number): void {
    if (this.#afterId === undefined) this.#afterId = id - 1
    else if (id <= this.#afterId) this.#reopen(id, this.#afterId)
    // One that stragglers have made count as done.
    else this.#done.remove(id)
    this.#order.take(id)
  }

  done(id: number): void {
    if (this.#afterId !== undefined && id > this.#afterId) this.#done.add(id)
    this.#order.finish(id)
    this.#settle()
  }

  checkpoint(id: number): void {
    this.#waiting.push({taken: this.#order.taken, id})
    this.#settle()
  }

  /** Undefined when there is nothing to go on from. */
  get progress(): Progress | undefined {
    return this.#afterId === undefined ? undefined : {afterId: this.#afterId, done: this.#done}
  }

  get resumption(): Resumption | undefined {
    if (this.#afterId === undefined) return undefined
    // Ids in a row right behind the start say the same as a later start does, and a flood is nothing else.
    const afterId = this.#done.lastOfRun(this.#afterId + 1)
    return {afterId, delivered: this.#done.above(afterId, MAX_DELIVERED)}
  }

  /** A straggler from before the start is wanted after all, and it alone. */
  #reopen(id: number, afterId: number): void {
    this.#done.prepend(id + 1, afterId + 1)
    this.#afterId = id - 1
  }

  #settle(): void {
    for (;;) {
      const next = this.#waiting[0]
      if (next === undefined || next.taken > this.#order.finished) return
      this.#waiting.shift()
      this.#afterId = Math.max(next.id, this.#afterId ?? 0)
      this.#done.dropTo(this.#afterId)
    }
  }
}
