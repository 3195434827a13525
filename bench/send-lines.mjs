// A file of lines, each sent as a message and acknowledged, beside the least that does so.

import {once} from 'node:events'
import {createWriteStream} from 'node:fs'
import {join} from 'node:path'
import {contenderRows, inTurn, memoryCheck, ratioRow} from './lib/contest.mjs'
import {measure, measurePeak} from './lib/measure.mjs'
import {median} from './lib/stats.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const LINES = 100_000
const LONG_LINES = 1_000_000
const TOKEN = 'a.b.c'
const WINDOW = 1_000
const PER_SECOND = 20_000
const LIMIT_MIB = 160
/** Of peak memory, from the short file to the one ten times as long. */
const FLAT_WITHIN = 1.15

export async function sendLines(workplace, {quick}) {
  const server = await workplace.serve(script('servers/acks.mjs'))
  const file = await lines(workplace, LINES)
  const contest = await inTurn(
    {
      'ws sender': sender(workplace, server, file),
      'veza messages send --lines': batch(workplace, server, file, LINES),
      'veza messages send --lines --json': batch(workplace, server, file, LINES, ['--json']),
    },
    quick ? 3 : 11,
  )
  const perSecond = LINES / (median(contest.runs['veza messages send --lines'].map(run => run.wallMs)) / 1000)
  const long = batch(workplace, server, await lines(workplace, LONG_LINES), LONG_LINES)
  await long.before()
  const {peakKiB} = await measurePeak(long.command, long.options)
  await long.after()
  const short = contest.peaks['veza messages send --lines']
  const resumed = await journal(workplace, server, file)
  return {
    title: `${LINES} lines sent as messages, each acknowledged`,
    contenders: contenderRows(contest),
    ratios: [
      ratioRow(contest, 'veza messages send --lines', 'ws sender', {of: 'wall', atMost: 2}),
      ratioRow(contest, 'veza messages send --lines --json', 'ws sender'),
    ],
    checks: [
      {
        name: 'messages a second, the start of the program included',
        value: perSecond.toFixed(0),
        target: `> ${PER_SECOND}`,
        met: perSecond > PER_SECOND,
      },
      memoryCheck(`peak memory, ${LINES} lines`, short, LIMIT_MIB),
      memoryCheck(`peak memory, ${LONG_LINES} lines`, peakKiB, LIMIT_MIB),
      {
        name: 'the second over the first',
        value: (peakKiB / short).toFixed(2),
        target: `≤ ${FLAT_WITHIN}`,
        met: peakKiB / short <= FLAT_WITHIN,
      },
      ...resumed,
    ],
    runs: contest.runs,
  }
}

function batch(workplace, server, file, count, more = []) {
  const env = workplace.env('batch', {VEZA_SERVER: server, VEZA_TOKEN: TOKEN, VEZA_RATE_LIMIT: '0'})
  let before = 0
  return {
    command: [...VEZA, 'messages', 'send', '1', '--lines', '--file', file, ...more],
    options: {env},
    before: async () => {
      before = await sent(server)
    },
    after: async () => assertSent((await sent(server)) - before, count),
  }
}

function sender(workplace, server, file) {
  const url = `${server.replace('http', 'ws')}/ws`
  let before = 0
  return {
    command: script('baselines/ws-sender.cjs', url, TOKEN, file, String(WINDOW)),
    options: {env: workplace.env('bare')},
    before: async () => {
      before = await sent(server)
    },
    after: async () => assertSent((await sent(server)) - before, LINES),
  }
}

/** With a journal: the first run, and a second one that has nothing left to send. */
async function journal(workplace, server, file) {
  const path = join(workplace.folder, 'batch.journal')
  const {command, options} = batch(workplace, server, file, LINES, ['--journal', path])
  const first = await measure(command, options)
  const second = await measure(command, options)
  return [
    {name: 'with a journal', value: `${(first.wallMs / 1000).toFixed(2)} s`},
    {name: 'the same command again: nothing left to send', value: `${(second.wallMs / 1000).toFixed(2)} s`},
  ]
}

async function lines(workplace, count) {
  const path = join(workplace.folder, `lines-${count}.txt`)
  const file = createWriteStream(path)
  for (let number = 1; number <= count; number += 1) {
    if (
      !file.write(
        `2026-11-22T12:00:00Z worker ${number % 16}: job ${number} is done, nothing to complain of, all of it well\n`,
      )
    )
      await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
  return path
}

async function sent(server) {
  const answer = await fetch(`${server}/count`)
  return (await answer.json()).count
}

function assertSent(count, wanted) {
  if (count !== wanted) throw new Error(`${count} messages were sent of ${wanted}`)
}
