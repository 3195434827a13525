import {expect, test} from 'vitest'
import {anySeed} from '../soak/tail/dice.js'
import {tryOut} from '../soak/tail/property.js'

/** `npm run soak -- --only kill` has 100,000 messages, 1,000 faults, 100 kills, and the 200 ms of the promise. */
const SHORT_FORM = {messages: 2_000, faults: 20, kills: 5, repeatedWithinMs: 2_000}

/** A run that fails waits for what does not come. */
const LIMIT_MS = 90_000

/** VEZA_SEED=123 repeats one run. */
const SEED = process.env.VEZA_SEED === undefined ? anySeed() : Number(process.env.VEZA_SEED)

test(
  `a tail that is killed goes on where it was, VEZA_SEED=${SEED}`,
  async () => {
    const {faults, kills} = await tryOut(SEED, SHORT_FORM)
    expect(faults, `VEZA_SEED=${SEED} npm test -- test/integration/tail-faults-kill`).toEqual([])
    expect(kills).toBe(SHORT_FORM.kills)
  },
  LIMIT_MS,
)
