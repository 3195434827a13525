/** A queue as long as this asks its source to stop. */
const PAUSE_AT = 1_000
/** A queue shorter than this asks its source to go on. */
const RESUME_BELOW = 200
/** The most items of a batch: what a reader holds that has stopped reading. */
const BATCH_ITEMS = 1_000

/** Where the items come from. */
export interface BackPressure {
  /** Items that the source has already and will still push. */
  readonly held: number
  pause(): void
  resume(): void
}

/**
 * Takes single items and gives them out in batches, so that a flood costs one promise a batch and none an item. Asks the
 * source to pause at 1,000 items and to resume below 200; takes all the same what is still on its way.
 */
export class BatchQueue<T> {
  readonly #source: BackPressure
  #items: T[] = []
  #added = 0
  #paused = false
  #end: {readonly error?: unknown} | undefined
  #wake: (() => void) | undefined

  constructor(source: BackPressure) {
    this.#source = source
  }

  /** Whether the source has been asked to pause. */
  get paused(): boolean {
    return this.#paused
  }

  /** How many items were added so far. */
  get added(): number {
    return this.#added
  }

  /** Adds an item. */
  push(item: T): void {
    this.#added += 1
    this.#items.push(item)
    this.checkPressure()
    this.#signal()
  }

  /** Adds many. */
  pushAll(items: readonly T[]): void {
    this.#added += items.length
    this.#items = this.#items.concat(items)
    this.checkPressure()
    if (items.length > 0) this.#signal()
  }

  /** Asks the source to pause or go on, by what is here and what it holds. */
  checkPressure(): void {
    const length = this.#items.length + this.#source.held
    if (!this.#paused && length >= PAUSE_AT) {
      this.#paused = true
      this.#source.pause()
    } else if (this.#paused && length < RESUME_BELOW) {
      this.#paused = false
      this.#source.resume()
    }
  }

  /** No more items. What is here is still given out, then the error is thrown or the end told. Only the first counts. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : {error}
    this.#signal()
  }

  /** At least one item, at most 1,000, in order; undefined at the end. For one reader at a time. */
  async nextBatch(): Promise<readonly T[] | undefined> {
    while (this.#items.length === 0) {
      if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error
        return undefined
      }
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    return this.#take()
  }

  #take(): readonly T[] {
    const batch = this.#items.length <= BATCH_ITEMS ? this.#items : this.#items.slice(0, BATCH_ITEMS)
    this.#items = batch === this.#items ? [] : this.#items.slice(BATCH_ITEMS)
    this.checkPressure()
    return batch
  }

  #signal(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
