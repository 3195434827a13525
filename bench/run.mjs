// `npm run bench`: each job of veza beside an honest baseline, as ratios. See docs/performance.md.
//   --only startup|run|tail|metrics|relay|latency|lag|upload|download|send-lines|export one of them
//   --quick                                                 fewer runs and a smaller file, to see that it works
//   --json FILE                                             all figures of all runs
import {existsSync, writeFileSync} from 'node:fs'
import {parseArgs} from 'node:util'
import {ensureBuilt} from '../scripts/lib/ensure-built.mjs'
import {download} from './download.mjs'
import {exports} from './export.mjs'
import {lag} from './lag.mjs'
import {latency} from './latency.mjs'
import {machineFacts} from './lib/machine.mjs'
import {report} from './lib/table.mjs'
import {Workplace} from './lib/workplace.mjs'
import {metrics} from './metrics.mjs'
import {relay} from './relay.mjs'
import {runOverhead} from './run-overhead.mjs'
import {sendLines} from './send-lines.mjs'
import {startup} from './startup.mjs'
import {tail} from './tail.mjs'
import {upload} from './upload.mjs'

const BENCHMARKS = {
  startup,
  run: runOverhead,
  tail,
  metrics,
  relay,
  latency,
  lag,
  upload,
  download,
  'send-lines': sendLines,
  export: exports,
}
/** What bash, GNU time and /proc are needed for is in lib/measure.mjs. */
const TOOLS = ['/proc/self/status', '/usr/bin/time']

const {values: options} = parseArgs({
  options: {only: {type: 'string'}, quick: {type: 'boolean', default: false}, json: {type: 'string'}},
})

function chosen() {
  if (options.only === undefined) return Object.entries(BENCHMARKS)
  if (options.only in BENCHMARKS) return [[options.only, BENCHMARKS[options.only]]]
  throw new Error(`--only takes one of ${Object.keys(BENCHMARKS).join(', ')}`)
}

async function runOne(benchmark) {
  const workplace = new Workplace()
  try {
    return await benchmark(workplace, options)
  } finally {
    await workplace.close()
  }
}

async function main() {
  const benchmarks = chosen()
  const missing = TOOLS.filter(path => !existsSync(path))
  if (missing.length > 0)
    throw new Error(`the benchmarks need Linux with bash 5, GNU time and curl: no ${missing.join(', ')}`)
  ensureBuilt()
  const machine = machineFacts()
  console.log(
    `${Object.values(machine).join(', ')}${options.quick ? ' (--quick: no figures to quote)' : ''}\n`,
  )
  const results = {}
  for (const [name, benchmark] of benchmarks) {
    results[name] = await runOne(benchmark)
    console.log(report(results[name]))
  }
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({machine, quick: options.quick, results}, null, 2)}\n`)
}

main().catch(error => {
  console.error(`bench: ${error.message}`)
  process.exitCode = 1
})
