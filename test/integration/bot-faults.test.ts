import {expect, test} from 'vitest'
import {tryBot} from '../soak/bot/trial.js'
import {anySeed} from '../soak/tail/dice.js'
import {DIALECTS} from '../support/chat.js'

/** `npm run soak:bot` has 10,000 commands, 100 drops and 20 kills. */
const SHORT_FORM = {commands: 150, drops: 4, kills: 2}

/** A run that fails waits for what does not come. */
const LIMIT_MS = 90_000

/** VEZA_SEED=123 repeats one run. */
const SEED = process.env.VEZA_SEED === undefined ? anySeed() : Number(process.env.VEZA_SEED)

test.each(DIALECTS)(
  `a bot answers each command once over drops and kills, VEZA_SEED=${SEED}, %s`,
  async dialect => {
    const {answered, drops, faults} = await tryBot({seed: SEED, dialect, ...SHORT_FORM})
    expect(faults, `VEZA_SEED=${SEED} npm test -- test/integration/bot-faults`).toEqual([])
    expect(answered).toBeGreaterThan(SHORT_FORM.commands / 2)
    expect(drops).toBe(SHORT_FORM.drops)
  },
  LIMIT_MS,
)
