import type {BadRecord, BatchRecord} from './types.js'

/** What has been read of the input and not been taken, and the way to more. */
export class Input {
  readonly #source: AsyncIterator<readonly (BatchRecord | BadRecord)[]>
  #batch: readonly (BatchRecord | BadRecord)[] = []
  #next = 0
  #filling: Promise<void> | undefined
  #ended = false

  constructor(source: AsyncIterable<readonly (BatchRecord | BadRecord)[]>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Nothing is left and nothing will come. */
  get ended(): boolean {
    return this.#ended
  }

  /** The next one at hand. */
  shift(): BatchRecord | BadRecord | undefined {
    const record = this.#batch[this.#next]
    if (record !== undefined) this.#next += 1
    return record
  }

  /** Resolves when there is one at hand, or none will come. @throws what the source throws, once; then it has ended. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = undefined
    })
    return this.#filling
  }

  async #fill(): Promise<void> {
    try {
      while (!this.#ended && this.#next >= this.#batch.length) {
        const {done, value} = await this.#source.next()
        this.#next = 0
        this.#batch = done === true ? [] : value
        this.#ended = done === true
      }
    } catch (error) {
      this.#ended = true
      throw error
    }
  }
}
