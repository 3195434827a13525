import {describe, expect, test} from 'vitest'
import {type Lane, tryFaults, tryKills} from '../soak/batch/trial.js'
import {anySeed} from '../soak/tail/dice.js'
import type {Dialect} from '../soak/tail/world.js'

/** `node test/soak/batch.mjs` has 10,000 messages and 100 kills. */
const MESSAGES = 500
const KILLS = 5
const LIMIT_MS = 120_000

/** VEZA_SEED=123 repeats one run. */
const SEED = process.env.VEZA_SEED === undefined ? anySeed() : Number(process.env.VEZA_SEED)

const WAYS: readonly (readonly [Dialect, Lane])[] = [
  ['guide', 'rest'],
  ['reference', 'rest'],
  ['reference', 'socket'],
]

describe.each(WAYS)(`a batch of lines, %s, %s, VEZA_SEED=${SEED}`, (dialect, lane) => {
  const trial = {seed: SEED, messages: MESSAGES, dialect, lane}
  const again = `VEZA_SEED=${SEED} npm test -- test/integration/batch-faults`

  test('a fault each 20 messages: exactly the lines, in order, once', {timeout: LIMIT_MS}, async () => {
    const {faults, strikes} = await tryFaults(trial)
    expect(faults, again).toEqual([])
    expect(strikes).toBeGreaterThan(5)
  })

  test('killed again and again with a journal: exactly the lines, once each', {
    timeout: LIMIT_MS,
  }, async () => {
    const {faults, strikes} = await tryKills({...trial, kills: KILLS})
    expect(faults, again).toEqual([])
    expect(strikes).toBeGreaterThan(0)
  })
})
