import {seededRandom} from '../../integration/session/soak.js'

/** Chance that repeats itself: the same seed, the same throws. */
export class Dice {
  readonly #random: () => number

  constructor(readonly seed: number) {
    this.#random = seededRandom(seed)
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1))
  }

  /** One of them. */
  of<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)]!
  }

  /** Dice of their own, so that one who throws more often does not change what another gets. */
  split(): Dice {
    return new Dice(this.between(0, 2 ** 31))
  }

  /** The same things in another order. */
  shuffled<T>(things: readonly T[]): T[] {
    return things
      .map(thing => ({thing, place: this.#random()}))
      .sort((a, b) => a.place - b.place)
      .map(({thing}) => thing)
  }
}

/** A seed that nobody chose: for runs that are to find something new. */
export function anySeed(): number {
  return Math.floor(Math.random() * 2 ** 31)
}
