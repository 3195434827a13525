import {type BucketState, EMPTY_BUCKET, enter, leave, note} from './bucket.js'
import type {Line, Place, ServerWords} from './types.js'

/** Where the state of a line is kept: `change` gets it and gives back the new one, and nobody comes in between. */
export interface BucketStore {
  update<T>(change: (state: BucketState) => {readonly state: BucketState; readonly result: T}): Promise<T>
  read(): Promise<BucketState>
  close(): void
}

/** A line on this machine, in a file or in memory. */
export class LocalLine implements Line {
  readonly #store: BucketStore
  readonly #ownLimit: number
  readonly #now: () => number

  /** @param options `ownLimit` in messages a minute, 0 for none; `now` in milliseconds since 1970. */
  constructor(store: BucketStore, options: {readonly ownLimit: number; readonly now: () => number}) {
    this.#store = store
    this.#ownLimit = options.ownLimit
    this.#now = options.now
  }

  enter(maxWaitMs: number): Promise<Place> {
    return this.#store.update(stored => {
      const {place, state} = enter(stored, this.#now(), {ownLimit: this.#ownLimit, maxWaitMs})
      return {state, result: place}
    })
  }

  leave(place: Place): Promise<void> {
    return this.#change(state => leave(state, this.#now(), place))
  }

  async stops(): Promise<number> {
    return (await this.#store.read()).stops
  }

  note(words: ServerWords): Promise<void> {
    return this.#change(state => note(state, this.#now(), this.#ownLimit, words))
  }

  async close(): Promise<void> {
    this.#store.close()
  }

  #change(change: (state: BucketState) => BucketState): Promise<void> {
    return this.#store.update(state => ({state: change(state), result: undefined}))
  }
}

/** A store that this process has to itself. */
export function memoryStore(): BucketStore {
  let kept = EMPTY_BUCKET
  return {
    update: async change => {
      const {state, result} = change(kept)
      kept = state
      return result
    },
    read: async () => kept,
    close: () => undefined,
  }
}
