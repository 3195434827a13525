import {FAULT_KINDS, type FaultKind} from '../../../src/sandbox/faults/spec.js'
import type {Dice} from '../tail/dice.js'

/** How long what lasts does, in milliseconds. */
const LONGEST_MS: Partial<Record<FaultKind, number>> = {
  silent: 1_500,
  refuse: 500,
  restart: 500,
  reorder: 500,
  delay: 500,
  late: 1_000,
  rate_limit: 1_000,
  hang: 1_000,
}
const CLOSE_CODES = [1001, 1011, 1012, 1013]
/** Kinds that strike at a broadcast may strike several. */
const SEVERAL: readonly FaultKind[] = ['swallow', 'duplicate', 'garbage', 'reorder']
const MOST_STRIKES = 5

/** Faults in the words of the sandbox's control route: each kind as often as any other, in an order that follows from the dice. */
export function* strikes(dice: Dice): Generator<Readonly<Record<string, unknown>>, never> {
  for (;;)
    for (const kind of dice.shuffled(FAULT_KINDS)) {
      const longest = LONGEST_MS[kind]
      yield {
        kind,
        ...(longest === undefined ? {} : {for: `${dice.between(50, longest)}ms`}),
        ...(kind === 'close' ? {code: dice.of(CLOSE_CODES)} : {}),
        ...(SEVERAL.includes(kind) ? {count: dice.between(1, MOST_STRIKES)} : {}),
      }
    }
}
