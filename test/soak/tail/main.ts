import {parseArgs} from 'node:util'
import {anySeed} from './dice.js'
import {type Outage, runRestart, runSilence} from './outages.js'
import {type Amount, type Report, tryOut} from './property.js'

const PARTS = ['faults', 'kill', 'restart', 'silent'] as const
type Part = (typeof PARTS)[number]

const {values} = parseArgs({
  options: {
    seeds: {type: 'string', default: '20'},
    seed: {type: 'string'},
    messages: {type: 'string', default: '100000'},
    faults: {type: 'string', default: '1000'},
    kills: {type: 'string', default: '100'},
    only: {type: 'string'},
    random: {type: 'boolean', default: false},
  },
})

let failures = 0

/** 1 to N, or N that nobody has tried, or the one that is to be repeated. */
function seeds(): number[] {
  if (values.seed !== undefined) return [Number(values.seed)]
  return Array.from({length: Number(values.seeds)}, (_, nth) => (values.random ? anySeed() : nth + 1))
}

async function property(part: Part, amount: Amount): Promise<void> {
  printHead([
    'part',
    'seed',
    'dialect',
    'form',
    'stored',
    'strikes',
    'kills',
    'repeated',
    'oldest',
    'drain',
    'time',
    'events',
    '',
  ])
  for (const seed of seeds()) {
    const report = await tryOut(seed, amount).catch((error: unknown) => failed(part, seed, [String(error)]))
    if (report !== undefined) show(part, report)
  }
}

function show(part: Part, report: Report): void {
  const {seed, dialect, form, stored, strikes, kills, repeated, oldestRepeatedMs, drainMs, seconds, events} =
    report
  const counts = Object.entries(events).map(([name, count]) => `${name} ${count}`)
  print([
    part,
    seed,
    dialect,
    form,
    stored,
    Object.values(strikes).reduce((sum, count) => sum + count, 0),
    kills,
    repeated,
    `${oldestRepeatedMs.toFixed(0)} ms`,
    `${drainMs.toFixed(0)} ms`,
    `${seconds.toFixed(1)} s`,
    counts.join(', '),
    report.faults.length === 0 ? 'kept' : 'BROKEN',
  ])
  if (report.faults.length > 0) failed(part, seed, report.faults)
}

function failed(part: Part, seed: number, faults: readonly string[]): undefined {
  failures += 1
  const {messages, faults: count, kills} = values
  const amount = `--messages ${messages} --faults ${count}${part === 'kill' ? ` --kills ${kills}` : ''}`
  console.log(`\n${faults.join('\n')}\nagain: npm run soak -- --only ${part} --seed ${seed} ${amount}\n`)
}

function showOutage(part: Part, {verdict, stored, noticedMs, caughtUpMs}: Outage, isKept: boolean): void {
  const {lost, twice} = verdict
  const isWhole = lost.length + twice.length + verdict.wrong.length === 0
  printHead(['part', 'stored', 'lost', 'twice', 'noticed', 'caught up', ''])
  print([
    part,
    stored,
    lost.length,
    twice.length,
    `${(noticedMs / 1000).toFixed(2)} s`,
    `${(caughtUpMs / 1000).toFixed(2)} s`,
    isWhole && isKept ? 'kept' : 'BROKEN',
  ])
  if (!isWhole || !isKept) failures += 1
}

function printHead(cells: readonly string[]): void {
  print(cells)
  print(cells.map(() => '---'))
}

function print(cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}

const OUTAGE = {rate: 500, beforeMs: 3_000, seed: Number(values.seed ?? 1)}
const DOWN_MS = 60_000
const CAUGHT_UP_WITHIN_MS = 5_000
const NOTICED_WITHIN_MS = 60_000

const RUN: Record<Part, () => Promise<void>> = {
  faults: () => property('faults', {messages: Number(values.messages), faults: Number(values.faults)}),
  kill: () =>
    property('kill', {
      messages: Number(values.messages),
      faults: Number(values.faults),
      kills: Number(values.kills),
    }),
  restart: async () => {
    const outage = await runRestart({...OUTAGE, outageMs: DOWN_MS})
    showOutage('restart', outage, outage.caughtUpMs < CAUGHT_UP_WITHIN_MS)
  },
  silent: async () => {
    const outage = await runSilence(OUTAGE)
    showOutage('silent', outage, outage.noticedMs <= NOTICED_WITHIN_MS)
  },
}

async function main(): Promise<void> {
  const only = PARTS.find(part => part === values.only)
  if (values.only !== undefined && only === undefined)
    throw new Error(`--only takes one of ${PARTS.join(', ')}`)
  for (const part of only === undefined ? PARTS : [only]) await RUN[part]()
  process.exitCode = failures === 0 ? 0 : 1
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
