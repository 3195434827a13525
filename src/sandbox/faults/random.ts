/** A number from 0 up to 1 at each call; the same seed and stream give the same numbers. One round of mulberry32. */
export function seededRandom(seed: number, stream: number): () => number {
  // Streams of one seed lie far from each other, so that one fault's chance tells nothing of another's.
  let state = Math.imul(seed ^ 0x5bd1e995, 0x27d4eb2f) ^ Math.imul(stream + 1, 0x165667b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
