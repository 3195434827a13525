import {firstIndex} from '../search.js'

/** Ids of a chunk: 4 KiB. */
const CHUNK_IDS = 1_024
const MAX_OFFSET = 0xffff_ffff

/** Ascending ids, 4 bytes each, counted from the first. */
interface Chunk {
  readonly first: number
  readonly offsets: Uint32Array
  length: number
}

/**
 * The ids that were given out, in little memory: an id above all others, which is nearly every one, takes four bytes of
 * an ascending log; only those that come out of order are kept in a set. What is forgotten counts as given out.
 */
export class IdLog {
  #chunks: Chunk[] = []
  readonly #outOfOrder = new Set<number>()
  #highest = 0
  #forgottenTo = 0

  /** The highest id so far, 0 before the first. */
  get highest(): number {
    return this.#highest
  }

  /** How many ids are remembered one by one. */
  get size(): number {
    let size = this.#outOfOrder.size
    for (const chunk of this.#chunks) size += chunk.length
    const [oldest] = this.#chunks
    return oldest === undefined ? size : size - countTo(oldest, this.#forgottenTo)
  }

  /** Notes an id; false if it was there before or is forgotten. */
  add(id: number): boolean {
    if (id > this.#highest) {
      this.#highest = id
      this.#append(id)
      return true
    }
    if (this.has(id)) return false
    this.#outOfOrder.add(id)
    return true
  }

  /** Whether an id was given out, as far as is remembered. */
  has(id: number): boolean {
    if (id <= this.#forgottenTo) return true
    if (id > this.#highest) return false
    return this.#outOfOrder.has(id) || this.#isLogged(id)
  }

  /** Everything up to this id counts as given out from now on, and takes no memory. */
  forgetTo(id: number): void {
    if (id <= this.#forgottenTo) return
    this.#forgottenTo = id
    this.#highest = Math.max(this.#highest, id)
    const kept = this.#chunks.findIndex(chunk => idAt(chunk, chunk.length - 1) > id)
    this.#chunks = kept === -1 ? [] : this.#chunks.slice(kept)
    for (const late of this.#outOfOrder) if (late <= id) this.#outOfOrder.delete(late)
  }

  #append(id: number): void {
    let chunk = this.#chunks.at(-1)
    if (chunk === undefined || chunk.length === CHUNK_IDS || id - chunk.first > MAX_OFFSET) {
      chunk = {first: id, offsets: new Uint32Array(CHUNK_IDS), length: 0}
      this.#chunks.push(chunk)
    }
    chunk.offsets[chunk.length] = id - chunk.first
    chunk.length += 1
  }

  #isLogged(id: number): boolean {
    const after = firstIndex(this.#chunks.length, index => (this.#chunks[index]?.first ?? 0) > id)
    const chunk = this.#chunks[after - 1]
    if (chunk === undefined) return false
    const count = countTo(chunk, id)
    return count > 0 && idAt(chunk, count - 1) === id
  }
}

function idAt({first, offsets}: Chunk, index: number): number {
  return first + (offsets[index] ?? 0)
}

/** How many ids of a chunk are not above an id. */
function countTo(chunk: Chunk, id: number): number {
  return firstIndex(chunk.length, index => idAt(chunk, index) > id)
}
