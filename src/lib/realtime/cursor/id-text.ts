/** Each character carries five bits of a number, low ones first, and whether more follow. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES: ReadonlyMap<string, number> = new Map([...DIGITS].map((digit, value) => [digit, value]))
const BASE = 32
const MORE = 32
/** The end of a range whose last id is the highest that a number holds. */
const HIGHEST_END = Number.MAX_SAFE_INTEGER + 1

/**
 * Ranges of ids as a short text: of each the distance from the end of the one before, from 0 for the first, and behind
 * a `*` its length where that is not 1. A range costs one to eleven characters a number, however many ids it has.
 * @param bounds ascending: where each range begins, and where it ends, which is the first id that is not in it.
 */
export function writeRanges(bounds: readonly number[]): string {
  // Joined at the end: a text that grows by `+=` is a tree, which whoever reads it would walk anew each time.
  const parts: string[] = []
  let before = 0
  for (let at = 0; at < bounds.length; at += 2) {
    const from = bounds[at] ?? 0
    const end = bounds[at + 1] ?? 0
    parts.push(writeNumber(from - before))
    if (end - from > 1) parts.push('*', writeNumber(end - from))
    before = end
  }
  return parts.join('')
}

/** The bounds that `writeRanges` wrote; undefined for a text that it cannot have written. */
export function readRanges(text: string): number[] | undefined {
  const reader = new Reader(text)
  const bounds: number[] = []
  let before = 0
  while (!reader.ended) {
    const from = before + reader.number()
    const end = from + (reader.skip('*') ? reader.number() : 1)
    // Also false for what is no number.
    if (!(from > before && end > from && end <= HIGHEST_END)) return undefined
    bounds.push(from, end)
    before = end
  }
  return bounds
}

function writeNumber(value: number): string {
  let text = ''
  let rest = value
  while (rest >= BASE) {
    text += DIGITS[MORE + (rest % BASE)]
    rest = Math.floor(rest / BASE)
  }
  return text + DIGITS[rest]
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get ended(): boolean {
    return this.#at >= this.#text.length
  }

  /** Whether the character is next; then it is passed. */
  skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  /** The next number, NaN where there is none. */
  number(): number {
    let value = 0
    for (let unit = 1; ; unit *= BASE) {
      const digit = VALUES.get(this.#text[this.#at] ?? '')
      if (digit === undefined) return Number.NaN
      this.#at += 1
      value += (digit % BASE) * unit
      if (digit < MORE) return value
    }
  }
}
