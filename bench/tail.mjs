// A flood of messages of 100 characters, followed as NDJSON: beside the least that reads, parses and prints each.
import {contenderRows, inTurn, memoryCheck, ratioRow} from './lib/contest.mjs'
import {measure} from './lib/measure.mjs'
import {median} from './lib/stats.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const MESSAGES = 100_000
/** Long enough that the old generation of the heap has been collected: until then any program grows. */
const LONG_MESSAGES = 1_000_000
const TOKEN = 'a.b.c'
const LIMIT_MIB = 120
/** Of resident memory, from the first third of a run to the last. */
const FLAT_WITHIN = 1.1

export async function tail(workplace, {quick}) {
  const contest = await inTurn(await contenders(workplace), quick ? 3 : 11)
  const long = await memoryOverTime(workplace)
  return {
    title: `Tail of ${MESSAGES} messages of 100 characters`,
    contenders: contenderRows(contest),
    ratios: [
      ratioRow(contest, 'veza tail', 'ws reader', {of: 'CPU', atMost: 1.2}),
      ratioRow(contest, 'veza tail, reference', 'ws reader, reference', {of: 'CPU', atMost: 1.2}),
      ratioRow(contest, 'veza tail', 'ws reader, tuned'),
    ],
    checks: [
      memoryCheck('peak memory', contest.peaks['veza tail'], LIMIT_MIB),
      memoryCheck('peak memory, reference', contest.peaks['veza tail, reference'], LIMIT_MIB),
      ...long.checks,
    ],
    runs: contest.runs,
    rssKiB: long.rssKiB,
  }
}

async function contenders(workplace) {
  const guide = await workplace.serve(script('servers/flood.mjs', String(MESSAGES), 'guide'))
  const reference = await workplace.serve(script('servers/flood.mjs', String(MESSAGES), 'reference'))
  return {
    'ws reader': reader(workplace, guide, 'plain'),
    'veza tail': follower(workplace, guide, MESSAGES),
    'ws reader, tuned': reader(workplace, guide, 'tuned'),
    'ws reader, reference': reader(workplace, reference, 'plain'),
    'veza tail, reference': follower(workplace, reference, MESSAGES),
  }
}

function follower(workplace, server, count) {
  const command = [...VEZA, 'messages', 'tail', '1', '--json', '--count', String(count)]
  const env = workplace.env('given', {VEZA_SERVER: server, VEZA_TOKEN: TOKEN})
  return {command, options: {env, pipe: true}, after: stdout => assertAll(stdout, count)}
}

function reader(workplace, server, kind) {
  const url = `${server.replace('http', 'ws')}/ws`
  const command = script('baselines/ws-reader.cjs', url, TOKEN, String(MESSAGES), kind)
  return {
    command,
    options: {env: workplace.env('bare'), pipe: true},
    after: stdout => assertAll(stdout, MESSAGES),
  }
}

/** Resident memory of one long flood, its first third beside its last. */
async function memoryOverTime(workplace) {
  const count = LONG_MESSAGES
  const server = await workplace.serve(script('servers/flood.mjs', String(count), 'guide'))
  const {command, options, after} = follower(workplace, server, count)
  const {stdout, rssKiB} = await measure(command, {...options, sampleMemory: true})
  after(stdout)
  if (rssKiB.length < 30) throw new Error(`only ${rssKiB.length} samples of resident memory`)
  const third = Math.floor(rssKiB.length / 3)
  const [first, last] = [median(rssKiB.slice(0, third)), median(rssKiB.slice(-third))]
  const value = `${(first / 1024).toFixed(0)} to ${(last / 1024).toFixed(0)} MiB`
  return {
    rssKiB,
    checks: [
      memoryCheck(`most resident memory, ${count} messages`, Math.max(...rssKiB), LIMIT_MIB),
      {
        name: 'its first third to its last',
        value,
        target: `≤ ${FLAT_WITHIN} times`,
        met: last / first <= FLAT_WITHIN,
      },
    ],
  }
}

/** Each message once, in order, nothing else. */
function assertAll(stdout, count) {
  let seen = 0
  for (const line of linesOf(stdout)) {
    seen += 1
    const {id, message_id = id, content} = JSON.parse(line)
    if (message_id !== seen || content.length !== 100) throw new Error(`line ${seen} is ${line}`)
  }
  if (seen !== count) throw new Error(`${seen} lines came of ${count}`)
}

function* linesOf(buffer) {
  for (let start = 0, end = buffer.indexOf('\n'); start < buffer.length; end = buffer.indexOf('\n', start)) {
    if (end === -1) throw new Error('the last line is cut off')
    yield buffer.toString('utf8', start, end)
    start = end + 1
  }
}
