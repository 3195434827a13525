import {parseArgs} from 'node:util'
import {anySeed} from '../tail/dice.js'
import type {Dialect} from '../tail/world.js'
import {type Lane, type Trial, tryFaults, tryKills, type Verdict} from './trial.js'

const PARTS = ['faults', 'kills'] as const
type Part = (typeof PARTS)[number]

/** The guide's server acknowledges nothing, so all of its messages go over REST. */
const WAYS: readonly {readonly dialect: Dialect; readonly lane: Lane}[] = [
  {dialect: 'guide', lane: 'rest'},
  {dialect: 'reference', lane: 'rest'},
  {dialect: 'reference', lane: 'socket'},
]

const {values} = parseArgs({
  options: {
    messages: {type: 'string', default: '10000'},
    kills: {type: 'string', default: '100'},
    seed: {type: 'string'},
    dialect: {type: 'string'},
    lane: {type: 'string'},
    only: {type: 'string'},
  },
})

let broken = 0

function show(part: Part, verdict: Verdict): void {
  const {seed, dialect, lane, messages, stored, strikes, seconds, faults} = verdict
  const row = [part, seed, dialect, lane, messages, stored, strikes, `${seconds.toFixed(1)} s`]
  console.log([...row, faults.length === 0 ? 'kept' : 'BROKEN'].join('\t'))
  if (faults.length === 0) return
  broken += 1
  const again = `--only ${part} --seed ${seed} --dialect ${dialect} --lane ${lane}`
  console.log(`\n${faults.join('\n')}\nagain: node test/soak/batch.mjs ${again} --messages ${messages}\n`)
}

async function main(): Promise<void> {
  const seed = values.seed === undefined ? anySeed() : Number(values.seed)
  console.log(['part', 'seed', 'dialect', 'lane', 'messages', 'stored', 'strikes', 'time', ''].join('\t'))
  for (const part of PARTS.filter(name => values.only === undefined || values.only === name)) {
    for (const {dialect, lane} of WAYS) {
      if ((values.dialect ?? dialect) !== dialect || (values.lane ?? lane) !== lane) continue
      const trial: Trial = {seed, messages: Number(values.messages), dialect, lane}
      const kills = Number(values.kills)
      show(part, await (part === 'faults' ? tryFaults(trial) : tryKills({...trial, kills})))
    }
  }
  if (broken > 0) process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
