import {parseArgs} from 'node:util'
import {anySeed} from '../tail/dice.js'
import type {Dialect} from '../tail/world.js'
import {type Result, tryRelay} from './trial.js'

const DIALECTS: readonly Dialect[] = ['guide', 'reference']

const {values} = parseArgs({
  options: {
    members: {type: 'string', default: '3'},
    rooms: {type: 'string', default: '50'},
    messages: {type: 'string', default: '200000'},
    rate: {type: 'string', default: '1000'},
    every: {type: 'string', default: '5000'},
    seed: {type: 'string'},
    dialect: {type: 'string'},
  },
})

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

const COLUMNS: readonly (readonly [string, (result: Result) => string | number])[] = [
  ['seed', ({seed}) => seed],
  ['dialect', ({dialect}) => dialect],
  ['rooms', ({rooms}) => rooms],
  ['stored', ({stored}) => stored],
  ['entries', ({entries}) => entries],
  ['late', ({late}) => late],
  ['kills', ({kills}) => kills],
  ['freezes', ({freezes}) => freezes],
  ['takeovers', ({takeovers}) => takeovers],
  ['longest takeover', ({longestTakeoverMs}) => seconds(longestTakeoverMs)],
  ['longest wait', ({longestWaitMs}) => seconds(longestWaitMs)],
  ['time', result => seconds(result.seconds * 1000)],
  ['', ({faults}) => (faults.length === 0 ? 'kept' : 'BROKEN')],
]

async function main(): Promise<void> {
  const seed = values.seed === undefined ? anySeed() : Number(values.seed)
  const amount = {
    members: Number(values.members),
    rooms: Number(values.rooms),
    messages: Number(values.messages),
    rate: Number(values.rate),
    everyMs: Number(values.every),
  }
  console.log(COLUMNS.map(([head]) => head).join('\t'))
  for (const dialect of DIALECTS.filter(name => values.dialect === undefined || values.dialect === name)) {
    const result = await tryRelay({seed, dialect, ...amount})
    console.log(COLUMNS.map(([, cell]) => cell(result)).join('\t'))
    if (result.faults.length === 0) continue
    process.exitCode = 1
    const {members, rooms, messages, rate, every} = values
    const sizes = `--members ${members} --rooms ${rooms} --messages ${messages} --rate ${rate} --every ${every}`
    console.log(
      `\n${result.faults.join('\n')}\nagain: npm run soak:relay -- --seed ${seed} --dialect ${dialect} ${sizes}\n`,
    )
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
