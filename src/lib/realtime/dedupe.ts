/** How many ids each of the two generations holds: a message may be late by that many and is still known. */
const GENERATION = 5_000

/**
 * The ids that were delivered, in bounded memory: two generations of 5,000. An id that is not among them is new, also
 * when it is smaller than others, because messages may come a little out of order. Only what is as old as a forgotten
 * generation counts as delivered without proof.
 */
export class DeliveredIds {
  readonly #size: number
  #young = new Set<number>()
  #old = new Set<number>()
  #highest = 0
  #forgotten = 0

  /** `size`: ids in a generation. */
  constructor(size = GENERATION) {
    this.#size = size
  }

  /** The highest id so far, 0 before the first. */
  get highest(): number {
    return this.#highest
  }

  /** Notes an id; false if it was there before, or is too old to know. */
  add(id: number): boolean {
    if (id > this.#highest) this.#highest = id
    else if (id <= this.#forgotten || this.#young.has(id) || this.#old.has(id)) return false
    this.#young.add(id)
    if (this.#young.size >= this.#size) this.#turn()
    return true
  }

  /** The lowest of the last `count` ids delivered, undefined before there were so many. */
  lowestOfLast(count: number): number | undefined {
    const recent = [...this.#old, ...this.#young].slice(-count)
    return recent.length < count ? undefined : recent.reduce((low, id) => Math.min(low, id))
  }

  #turn(): void {
    for (const id of this.#old) if (id > this.#forgotten) this.#forgotten = id
    this.#old = this.#young
    this.#young = new Set()
  }
}
