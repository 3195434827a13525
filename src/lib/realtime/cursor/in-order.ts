/** So many places that have been left are given back at once. */
const TRIM_AT = 4_096

/**
 * Ids that are taken in one order and finished in another: tells how far, in the order of taking, everything is finished.
 * Each id is taken once and finished once; taking and finishing in the same order costs a push and a comparison.
 */
export class InOrder {
  #ids: number[] = []
  #head = 0
  /** Finished before one that was taken earlier. */
  readonly #early = new Set<number>()
  #taken = 0

  /** How many ids were taken so far. */
  get taken(): number {
    return this.#taken
  }

  /** How many ids from the first one on are finished, without a gap. */
  get finished(): number {
    return this.#taken - (this.#ids.length - this.#head)
  }

  take(id: number): void {
    this.#taken += 1
    this.#ids.push(id)
  }

  finish(id: number): void {
    if (this.#ids[this.#head] !== id) {
      this.#early.add(id)
      return
    }
    this.#head += 1
    if (this.#early.size > 0) this.#passEarly()
    this.#trim()
  }

  #passEarly(): void {
    for (let next = this.#ids[this.#head]; next !== undefined; next = this.#ids[this.#head]) {
      if (!this.#early.delete(next)) return
      this.#head += 1
    }
  }

  #trim(): void {
    if (this.#head === this.#ids.length) {
      this.#ids = []
      this.#head = 0
    } else if (this.#head >= TRIM_AT && this.#head * 2 >= this.#ids.length) {
      this.#ids = this.#ids.slice(this.#head)
      this.#head = 0
    }
  }
}
