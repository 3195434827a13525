import {parseDuration, parseInteger} from '../config/values.js'
import {VezaError} from '../errors/veza-error.js'

/** So many in such a time. */
export interface Cap {
  readonly amount: number
  readonly perMs: number
}

/** Buckets that are full again are forgotten when there are more than this. */
const MANY_BUCKETS = 1000

/**
 * A cap such as `3/1m` or `10/10m`.
 * @throws {VezaError} `usage` naming `label`.
 */
export function parseCap(text: string, label: string): Cap {
  const [amount = '', per, ...more] = text.split('/')
  const perMs = per === undefined || more.length > 0 ? 0 : parseDuration(per, label)
  if (perMs === 0)
    throw new VezaError('usage', `${label} wants a number and a duration`, {hint: 'write 3/1m'})
  return {amount: parseInteger(amount, label, 1, 1_000_000), perMs}
}

/** What came of taking one: `refused` comes with the time until the next, and whether it is the first refusal in a row. */
export type Taken =
  | {readonly type: 'taken'}
  | {readonly type: 'refused'; readonly waitMs: number; readonly isFirst: boolean}

interface Bucket {
  left: number
  atMs: number
  refused: boolean
}

/** A token bucket for each key: at most `amount` at once, and as many again in `perMs`. */
export class Caps {
  readonly #cap: Cap
  readonly #buckets = new Map<string, Bucket>()

  constructor(cap: Cap) {
    this.#cap = cap
  }

  /** Takes one of a key. @param nowMs of any clock; one that goes backwards stands still. */
  take(key: string, nowMs: number): Taken {
    const {amount, perMs} = this.#cap
    const bucket = this.#bucket(key, nowMs)
    if (bucket.left >= 1) {
      bucket.left -= 1
      bucket.refused = false
      return {type: 'taken'}
    }
    const isFirst = !bucket.refused
    bucket.refused = true
    return {type: 'refused', waitMs: ((1 - bucket.left) * perMs) / amount, isFirst}
  }

  #bucket(key: string, nowMs: number): Bucket {
    const known = this.#buckets.get(key)
    if (known === undefined) {
      if (this.#buckets.size >= MANY_BUCKETS) this.#forgetFull(nowMs)
      const bucket = {left: this.#cap.amount, atMs: nowMs, refused: false}
      this.#buckets.set(key, bucket)
      return bucket
    }
    const atMs = Math.max(nowMs, known.atMs)
    known.left = this.#refilled(known, atMs)
    known.atMs = atMs
    return known
  }

  #forgetFull(nowMs: number): void {
    for (const [key, bucket] of this.#buckets)
      if (this.#refilled(bucket, nowMs) >= this.#cap.amount) this.#buckets.delete(key)
  }

  #refilled({left, atMs}: Bucket, nowMs: number): number {
    const {amount, perMs} = this.#cap
    return Math.min(amount, left + (amount * Math.max(0, nowMs - atMs)) / perMs)
  }
}
