// A reader of 100 lines a second in a room of 10,000 messages a second: what the tail holds meanwhile, and what it loses.
import {setTimeout as sleep} from 'node:timers/promises'
import {memoryCheck} from './lib/contest.mjs'
import {Follower} from './lib/follower.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const RATE = 10_000
const READ_RATE = 100
const LIMIT_MIB = 150
const TOKEN = 'a.b.c'
/** From the end of the flood on the reader is as fast as it can; nobody waits longer than this for what is left. */
const DRAIN_LIMIT_MS = 120_000

export async function lag(workplace, {quick}) {
  const count = quick ? 100_000 : 1_000_000
  const checks = []
  for (const policy of ['block', 'spill', 'drop']) checks.push(...(await follow(workplace, policy, count)))
  return {
    title: `A reader of ${READ_RATE} lines a second, ${count} messages at ${RATE} a second`,
    contenders: [],
    ratios: [],
    checks,
  }
}

async function follow(workplace, policy, count) {
  const server = await workplace.serve(script('servers/paced.mjs', String(count), String(RATE), 'reference'))
  const tail = new Follower(
    [...VEZA, 'messages', 'tail', '1', '--since', '0', '--json', '--events', '--on-lag', policy],
    workplace.env('given', {VEZA_SERVER: server, VEZA_TOKEN: TOKEN}),
  )
  const timer = setTimeout(() => tail.child.kill('SIGKILL'), (count / RATE) * 1000 + DRAIN_LIMIT_MS)
  try {
    const seen = await read(tail, count)
    const peakKiB = tail.peakKiB
    const afterFlood = `${(seen.drainMs / 1000).toFixed(1)} s`
    return [
      memoryCheck(`${policy}: peak memory`, peakKiB, LIMIT_MIB),
      // What is dropped is announced; nothing else may be missing.
      {
        name: `${policy}: messages lost${policy === 'drop' ? ' without a word' : ''}`,
        value: String(count - seen.distinct - (policy === 'drop' ? seen.dropped : 0)),
        target: '0',
        met: count === seen.distinct + (policy === 'drop' ? seen.dropped : 0),
      },
      {name: `${policy}: printed twice`, value: String(seen.twice), target: '0', met: seen.twice === 0},
      {name: `${policy}: dropped and announced`, value: String(seen.dropped)},
      {name: `${policy}: everything read after the flood in`, value: afterFlood},
    ]
  } finally {
    clearTimeout(timer)
    await tail.stop()
  }
}

/** Reads slowly as long as the flood lasts, then fast, to the last message. */
async function read(tail, count) {
  const times = new Uint8Array(count + 1)
  const seen = {distinct: 0, twice: 0, dropped: 0, drainMs: 0}
  const floodEndMs = performance.now() + (count / RATE) * 1000
  for await (const line of tail.lines()) {
    const record = JSON.parse(line)
    if (record.event === 'lagged') seen.dropped = record.total
    if (record.event === undefined) {
      times[record.id] += 1
      if (times[record.id] === 1) seen.distinct += 1
      else seen.twice += 1
    }
    const isWhole = seen.distinct === count || (record.id === count && seen.dropped > 0)
    if (isWhole) {
      seen.drainMs = performance.now() - floodEndMs
      return seen
    }
    if (performance.now() < floodEndMs) await sleep(1000 / READ_RATE)
  }
  throw new Error(`the tail ended after ${seen.distinct} messages: ${tail.stderr}`)
}
