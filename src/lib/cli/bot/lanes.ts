/** How work is spread. */
export interface LanesOptions<Item> {
  /** So many items are worked on at once, each of another lane. */
  readonly width: number
  /** So many may wait before `add` asks for patience. */
  readonly depth: number
  readonly work: (item: Item) => Promise<void>
  /** Told at once of the first failure; `add` and `idle` reject with it too. */
  readonly onFailure: (error: unknown) => void
}

/** Items in lanes: those of one lane one after the other, in order; several lanes side by side. */
export class Lanes<Item> {
  readonly #options: LanesOptions<Item>
  /** What waits, by lane, the lane that waits longest first. */
  readonly #waiting = new Map<string, Item[]>()
  readonly #busy = new Map<string, Promise<void>>()
  #count = 0
  #isStopped = false
  #failure: {readonly error: unknown} | undefined

  constructor(options: LanesOptions<Item>) {
    this.#options = options
  }

  /** Takes an item; a promise where enough wait: await it before the next. Rejects with what `work` threw. */
  add(lane: string, item: Item): Promise<void> | undefined {
    const items = this.#waiting.get(lane)
    if (items === undefined) this.#waiting.set(lane, [item])
    else items.push(item)
    this.#count += 1
    this.#start()
    return this.#count > this.#options.depth || this.#failure !== undefined ? this.#room() : undefined
  }

  /** How many items wait or are worked on. */
  get size(): number {
    return this.#count + this.#busy.size
  }

  /** Begins nothing more; what is worked on goes on. */
  stop(): void {
    this.#isStopped = true
    this.#waiting.clear()
    this.#count = 0
  }

  /** Begins nothing more in a lane that waits now; resolves when what is worked on there has ended. */
  async drop(lane: string): Promise<void> {
    this.#count -= this.#waiting.get(lane)?.length ?? 0
    this.#waiting.delete(lane)
    await this.#busy.get(lane)
  }

  /** Resolves when nothing is worked on and nothing waits. Rejects with what `work` threw. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.race(this.#busy.values())
    this.#throwFailure()
  }

  async #room(): Promise<void> {
    while (this.#count > this.#options.depth && this.#busy.size > 0) await Promise.race(this.#busy.values())
    this.#throwFailure()
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #start(): void {
    if (this.#isStopped) return
    for (const [lane, items] of this.#waiting) {
      if (this.#busy.size >= this.#options.width) return
      if (this.#busy.has(lane)) continue
      const [item] = items.splice(0, 1)
      this.#waiting.delete(lane)
      // At the end: the others come first.
      if (items.length > 0) this.#waiting.set(lane, items)
      if (item === undefined) continue
      this.#count -= 1
      this.#busy.set(lane, this.#work(lane, item))
    }
  }

  /** Never rejects. */
  async #work(lane: string, item: Item): Promise<void> {
    try {
      await this.#options.work(item)
    } catch (error) {
      if (this.#failure === undefined) this.#options.onFailure(error)
      this.#failure ??= {error}
      this.stop()
    }
    this.#busy.delete(lane)
    this.#start()
  }
}
