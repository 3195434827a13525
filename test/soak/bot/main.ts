import {parseArgs} from 'node:util'
import {anySeed} from '../tail/dice.js'
import type {Dialect} from '../tail/world.js'
import {tryBot} from './trial.js'

const DIALECTS: readonly Dialect[] = ['guide', 'reference']

const {values} = parseArgs({
  options: {
    commands: {type: 'string', default: '10000'},
    drops: {type: 'string', default: '100'},
    kills: {type: 'string', default: '20'},
    freezes: {type: 'string', default: '0'},
    bots: {type: 'string', default: '1'},
    seed: {type: 'string'},
    dialect: {type: 'string'},
  },
})

async function main(): Promise<void> {
  const seed = values.seed === undefined ? anySeed() : Number(values.seed)
  const trial = {
    seed,
    commands: Number(values.commands),
    drops: Number(values.drops),
    kills: Number(values.kills),
    freezes: Number(values.freezes),
    bots: Number(values.bots),
  }
  console.log(
    ['seed', 'dialect', 'commands', 'answered', 'drops', 'calls hit', 'kills', 'freezes', 'time', ''].join(
      '\t',
    ),
  )
  for (const dialect of DIALECTS.filter(name => values.dialect === undefined || values.dialect === name)) {
    const verdict = await tryBot({...trial, dialect})
    const {commands, answered, drops, strikes, kills, freezes, seconds, faults} = verdict
    const row = [seed, dialect, commands, answered, drops, strikes, kills, freezes, `${seconds.toFixed(1)} s`]
    console.log([...row, faults.length === 0 ? 'kept' : 'BROKEN'].join('\t'))
    if (faults.length === 0) continue
    process.exitCode = 1
    console.log(
      `\n${faults.slice(0, 20).join('\n')}\nagain: node test/soak/bot.mjs --seed ${seed} --dialect ${dialect} --bots ${values.bots}\n`,
    )
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
