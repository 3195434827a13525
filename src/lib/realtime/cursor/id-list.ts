import {firstIndex} from '../search.js'
import {readRanges, writeRanges} from './id-text.js'

/** A block with so many bounds, 1,024 ranges, is full; one in the middle may grow to twice that. */
const FULL = 2_048
/** Between two blocks of the text; each is read from 0. */
const SEPARATOR = '.'

/** A part of the list, so that neither an id in the middle nor a new text costs more than its block. */
interface Block {
  /** Ascending: where each range begins, and where it ends, which is the first id that is not in it. */
  bounds: number[]
  /** As `writeRanges` gave it; undefined when something has changed since. */
  text: string | undefined
}

/**
 * A set of ids, 1 to 2^53 - 1, that come nearly ascending: one above all others costs a push, any other a search. Ids in
 * a row cost nothing, and of the text only what has changed is written anew.
 */
export class IdList {
  #blocks: Block[] = []
  /** The last bound, 0 in an empty list. */
  #end = 0

  /** The list that `encode` wrote; undefined for a text that it cannot have written. */
  static decode(text: string): IdList | undefined {
    const list = new IdList()
    for (const part of text === '' ? [] : text.split(SEPARATOR)) {
      const bounds = readRanges(part)
      const from = bounds?.[0]
      if (bounds === undefined || from === undefined || from < list.#end) return undefined
      list.#blocks.push({bounds, text: part})
      list.#end = bounds.at(-1) ?? 0
    }
    return list
  }

  /** Adds an id; one that is there already changes nothing. */
  add(id: number): void {
    if (id < this.#end) {
      this.#toggle(id, false)
      return
    }
    const block = this.#lastBlock(id)
    if (id === this.#end && block.bounds.length > 0) block.bounds[block.bounds.length - 1] = id + 1
    else block.bounds.push(id, id + 1)
    block.text = undefined
    this.#end = id + 1
  }

  /** Removes an id; one that is not there changes nothing. */
  remove(id: number): void {
    if (id < this.#end) this.#toggle(id, true)
  }

  /** Adds the ids `from` to `end - 1`, all of them below those in the list. */
  prepend(from: number, end: number): void {
    if (end <= from) return
    const first = this.#blocks[0]
    if (first === undefined || first.bounds.length >= FULL) {
      this.#blocks.unshift({bounds: [from, end], text: undefined})
      this.#end = Math.max(this.#end, end)
      return
    }
    if (first.bounds[0] === end) first.bounds[0] = from
    else first.bounds.unshift(from, end)
    first.text = undefined
  }

  /** Removes every id up to this one. */
  dropTo(id: number): void {
    const cut = id + 1
    const kept = this.#blocks.findIndex(({bounds}) => (bounds.at(-1) ?? 0) > cut)
    this.#blocks.splice(0, kept === -1 ? this.#blocks.length : kept)
    const first = this.#blocks[0]
    if (first === undefined) {
      this.#end = 0
      return
    }
    const at = countUpTo(first.bounds, cut)
    if (at === 0) return
    // An odd number of bounds lies below a place inside a range, which is cut there.
    first.bounds.splice(0, at, ...(at % 2 === 1 ? [cut] : []))
    first.text = undefined
  }

  /** The last of the ids that follow each other from the lowest one on; `id - 1` where the lowest is not `id`. */
  lastOfRun(id: number): number {
    const [from, end = id] = this.#blocks[0]?.bounds ?? []
    return from === id ? end - 1 : id - 1
  }

  /** The lowest ids above `id`, ascending, at most `limit` of them. */
  above(id: number, limit: number): number[] {
    const ids: number[] = []
    for (const {bounds} of this.#blocks) {
      for (let at = 0; at < bounds.length; at += 2) {
        const end = bounds[at + 1] ?? 0
        for (let next = Math.max(bounds[at] ?? 0, id + 1); next < end; next += 1) {
          if (ids.length >= limit) return ids
          ids.push(next)
        }
      }
    }
    return ids
  }

  /** The list as a text of letters, digits and `-_*.`: each range takes two characters at least, an id alone one. */
  encode(): string {
    const parts: string[] = []
    for (const block of this.#blocks) {
      block.text ??= writeRanges(block.bounds)
      parts.push(block.text)
    }
    return parts.join(SEPARATOR)
  }

  /** The block for an id at the end of the list or behind it. */
  #lastBlock(id: number): Block {
    const last = this.#blocks.at(-1)
    if (last !== undefined && (id === this.#end || last.bounds.length < FULL)) return last
    const block: Block = {bounds: [], text: undefined}
    this.#blocks.push(block)
    return block
  }

  /** Adds an id that is not there, or removes one that is; one below the end of the list. */
  #toggle(id: number, isThere: boolean): void {
    const index = Math.max(0, this.#blockOf(id))
    const block = this.#blocks[index]
    if (block === undefined) return
    const {bounds} = block
    const at = countUpTo(bounds, id)
    if ((at % 2 === 1) !== isThere) return
    // A bound at the id and one behind it: each goes where it is there, and comes where it is not.
    const hasOwn = bounds[at - 1] === id
    const hasNext = bounds[at] === id + 1
    const added = [...(hasOwn ? [] : [id]), ...(hasNext ? [] : [id + 1])]
    bounds.splice(hasOwn ? at - 1 : at, Number(hasOwn) + Number(hasNext), ...added)
    block.text = undefined
    if (bounds.length === 0) this.#blocks.splice(index, 1)
    if (bounds.length > 2 * FULL)
      this.#blocks.splice(index + 1, 0, {bounds: bounds.splice(FULL), text: undefined})
    this.#end = this.#blocks.at(-1)?.bounds.at(-1) ?? 0
  }

  /** The index of the last block that begins at or before an id, -1 where none does. */
  #blockOf(id: number): number {
    return firstIndex(this.#blocks.length, index => (this.#blocks[index]?.bounds[0] ?? 0) > id) - 1
  }
}

/** How many of these, ascending, are at or below an id. */
function countUpTo(bounds: readonly number[], id: number): number {
  return firstIndex(bounds.length, index => (bounds[index] ?? 0) > id)
}
