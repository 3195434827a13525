import {expect, test} from 'vitest'
import {tryBot} from '../soak/bot/trial.js'
import {anySeed} from '../soak/tail/dice.js'
import {DIALECTS} from '../support/chat.js'
import {hasRedis} from '../support/redis.js'

/** `npm run soak:bot` has 10,000 commands, 100 drops and 20 kills. */
const SHORT_FORM = {commands: 150, drops: 4, kills: 2, freezes: 0, bots: 1}

/** A run that fails waits for what does not come. */
const LIMIT_MS = 90_000

/** VEZA_SEED=123 repeats one run. */
const SEED = process.env.VEZA_SEED === undefined ? anySeed() : Number(process.env.VEZA_SEED)

test.each(DIALECTS)(
  `a bot answers each command once over drops and kills, VEZA_SEED=${SEED}, %s`,
  async dialect => {
    const {answered, drops, faults} = await tryBot({seed: SEED, dialect, ...SHORT_FORM})
    expect(faults, `VEZA_SEED=${SEED} npm test -- test/integration/bot-faults`).toEqual([])
    expect(answered).toBeGreaterThanOrEqual(SHORT_FORM.commands)
    expect(drops).toBe(SHORT_FORM.drops)
  },
  LIMIT_MS,
)

test.skipIf(!hasRedis)(
  `so do two that share their work over Redis, VEZA_SEED=${SEED}`,
  async () => {
    const {answered, faults} = await tryBot({
      ...SHORT_FORM,
      seed: SEED,
      dialect: 'reference',
      bots: 2,
      kills: 1,
    })
    expect(faults, `VEZA_SEED=${SEED} npm test -- test/integration/bot-faults`).toEqual([])
    expect(answered).toBeGreaterThanOrEqual(SHORT_FORM.commands)
  },
  LIMIT_MS,
)
