/** Whether the full figures are asked for; they take minutes. */
export const SOAK = process.env.VEZA_SOAK === '1'

/** What a test may take. */
export const LIMIT_MS = SOAK ? 3_600_000 : 60_000

/** Tells the figures of a full run. */
export function report(figures: string): void {
  if (SOAK) console.info(figures)
}

/** A random number from 0 up to 1 at each call, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
