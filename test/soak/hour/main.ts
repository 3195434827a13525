import {writeFileSync} from 'node:fs'
import {parseArgs} from 'node:util'
import {anySeed} from '../tail/dice.js'
import {isTrue} from './counters.js'
import type {Look} from './service.js'
import {PARTS} from './services.js'
import type {Trend} from './slope.js'
import type {Steadiness} from './steadiness.js'
import {type Result, tryHour} from './trial.js'

const {values} = parseArgs({
  options: {
    minutes: {type: 'string', default: '60'},
    seed: {type: 'string'},
    dialect: {type: 'string', default: 'guide'},
    rate: {type: 'string', default: '20'},
    only: {type: 'string', default: PARTS.join(',')},
    json: {type: 'string'},
  },
})

const mib = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(1))

function showMinute(minute: number, looks: Readonly<Record<string, readonly Look[]>>): void {
  const cells = Object.entries(looks).map(([name, taken]) => {
    const last = taken.at(-1)
    return `${name} ${mib(last?.rssMiB)} MiB, heap ${mib(last?.heapMiB)}, ${last?.files ?? '-'} files`
  })
  console.error(`minute ${minute}: ${cells.join('; ')}`)
}

const slope = ({slopePerHour, low, high}: Trend): string =>
  `${slopePerHour.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`

const COLUMNS: readonly (readonly [string, (row: Steadiness) => string | number])[] = [
  ['service', ({name}) => name],
  ['resident MiB', ({rss}) => mib(rss.median)],
  ['most', ({rss}) => mib(rss.most)],
  ['MiB an hour (95 %)', ({rss}) => slope(rss)],
  ['last quarter over third', ({rss}) => rss.ratio.toFixed(3)],
  ['heap MiB', ({heap}) => mib(heap.median)],
  ['heap MiB an hour (95 %)', ({heap}) => slope(heap)],
  ['last over third', ({heap}) => heap.ratio.toFixed(3)],
  ['files', ({files}) => `${files[0]} to ${files[1]}`],
  ['', ({faults, isJudged}) => (faults.length > 0 ? 'GROWS' : isJudged ? 'flat' : '')],
]

function show({stored, armed, struck, steadiness, comparisons}: Result): void {
  console.log(`${stored} messages in rooms, ${armed} faults armed, ${struck} strikes\n`)
  print(COLUMNS.map(([head]) => head))
  print(COLUMNS.map(() => '---'))
  for (const row of steadiness) print(COLUMNS.map(([, cell]) => cell(row)))
  console.log('')
  print(['counter', 'counted', 'truth', ''])
  print(['---', '---', '---', '---'])
  for (const comparison of comparisons) {
    const {what, counted, truth} = comparison
    const wanted = typeof truth === 'number' ? truth : `${truth[0]} to ${truth[1]}`
    print([what, counted, wanted, isTrue(comparison) ? 'true' : 'FALSE'])
  }
}

const print = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`)

async function main(): Promise<void> {
  const seed = values.seed === undefined ? anySeed() : Number(values.seed)
  const {minutes, rate, only, json} = values
  const dialect = values.dialect === 'reference' ? 'reference' : 'guide'
  const keep = (facts: object): void => {
    if (json !== undefined)
      writeFileSync(json, `${JSON.stringify({seed, dialect, minutes, rate, ...facts})}\n`)
  }
  console.log(`seed ${seed}, ${dialect}, ${minutes} minutes, ${rate} messages a second, ${only}`)
  const result = await tryHour({
    seed,
    dialect,
    minutes: Number(minutes),
    rate: Number(rate),
    parts: PARTS.filter(part => only.split(',').includes(part)),
    onMinute: (minute, looks) => {
      showMinute(minute, looks)
      keep({looks})
    },
  })
  keep(result)
  show(result)
  if (result.faults.length === 0) return
  process.exitCode = 1
  const again = `--seed ${seed} --dialect ${dialect} --minutes ${minutes} --rate ${rate} --only ${only}`
  console.log(`\n${result.faults.slice(0, 30).join('\n')}\nagain: npm run soak:hour -- ${again}`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
