import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {FaultKind} from '../../../src/sandbox/faults/spec.js'
import {Dice} from '../tail/dice.js'
import {storedIn} from '../tail/oracle.js'
import {Rest} from '../tail/rest.js'
import {type Dialect, openWorld, type World} from '../tail/world.js'
import {startBatch} from './batch-process.js'
import {openLink} from './link.js'

/** The way that messages take: over REST one after the other, or over a WebSocket where the server acknowledges them. */
export type Lane = 'rest' | 'socket'

/** One trial. */
export interface Trial {
  readonly seed: number
  readonly messages: number
  readonly dialect: Dialect
  readonly lane: Lane
}

/** What came of a trial. `faults`: what should not have been; empty where all is kept. */
export interface Verdict extends Trial {
  readonly strikes: number
  readonly stored: number
  readonly seconds: number
  readonly faults: readonly string[]
}

const PER_FAULT = 20
const SEND_FAULTS: readonly FaultKind[] = [
  'reset_before',
  'reset_after',
  'error_after',
  'html',
  'truncate',
  'hang',
  'rate_limit',
]
/** Of a frame with a line of a batch, in bytes. */
const FRAME_BYTES = 160
const ROOM = 1

/** Sends a batch with a fault each 20 messages: of calls, or cuts of the connection in the middle of anything. */
export async function tryFaults(trial: Trial): Promise<Verdict> {
  const {seed, messages, dialect, lane} = trial
  await using world = await openWorld(dialect, seed)
  await using link = await openLink(world.url)
  const {faults} = world.sandbox
  const dice = new Dice(seed)
  let cuts = 0
  const cutSoon = (): void =>
    link.afterBytes(dice.between(1, 2 * PER_FAULT * FRAME_BYTES), () => {
      cuts += 1
      link.cut()
      cutSoon()
    })
  const lines = linesOf(seed, messages)
  const {args, env} = argsOf(world, lines, lane)
  if (lane === 'socket') cutSoon()
  else armSends(world)
  const startedMs = performance.now()
  const {code, stderr} = await startBatch({url: link.url, home: world.folder, args, env}).ended
  const seconds = (performance.now() - startedMs) / 1000
  const strikes = cuts + Object.values(faults.counts()).reduce((sum, count) => sum + count, 0)
  faults.clear()
  const wrong = code === 0 ? [] : [`it ended with ${code}: ${stderr}`]
  return {...trial, strikes, seconds, ...(await judge(world, lines, wrong))}
}

/** Kills a batch with a journal again and again, each time somewhere, and then lets it end. */
export async function tryKills({kills, ...trial}: Trial & {readonly kills: number}): Promise<Verdict> {
  const {seed, messages, dialect, lane} = trial
  await using world = await openWorld(dialect, seed)
  await using link = await openLink(world.url)
  const dice = new Dice(seed)
  const lines = linesOf(seed, messages)
  const {args, env} = argsOf(world, lines, lane)
  const journal = join(world.folder, 'batch.journal')
  const run = {url: link.url, home: world.folder, args: [...args, '--journal', journal], env}
  const startedMs = performance.now()
  // Over a WebSocket a run gets further: a window is under way before the first bytes are counted.
  const share = lane === 'socket' ? 1 : 2
  const most = Math.ceil((share * messages * FRAME_BYTES) / (kills + 1))
  let strikes = 0
  let last: {readonly code: number | null; readonly stderr: string}
  do {
    const {child, ended} = startBatch(run)
    if (strikes < kills) link.afterBytes(dice.between(1, most), () => void child.kill('SIGKILL'))
    last = await ended
    if (last.code === null) strikes += 1
  } while (last.code === null)
  const seconds = (performance.now() - startedMs) / 1000
  const wrong = last.code === 0 ? [] : [`it ended with ${last.code}: ${last.stderr}`]
  return {...trial, strikes, seconds, ...(await judge(world, lines, wrong))}
}

function linesOf(seed: number, messages: number): readonly string[] {
  return Array.from({length: messages}, (_, at) => `batch ${seed}, message ${at + 1}`)
}

function argsOf(
  {folder}: World,
  lines: readonly string[],
  lane: Lane,
): {readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv} {
  const file = join(folder, 'lines.txt')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return {args: [String(ROOM), '--file', file], env: lane === 'rest' ? {VEZA_WS_PATH: '/nowhere'} : {}}
}

function armSends({sandbox: {faults}}: World): void {
  const ratio = 1 / PER_FAULT / SEND_FAULTS.length
  for (const kind of SEND_FAULTS) {
    const lasting = kind === 'hang' || kind === 'rate_limit' ? {durationMs: 20} : {}
    faults.arm({kind, method: 'POST', path: `/rooms/${ROOM}/messages`, ratio, ...lasting})
  }
}

async function judge(
  {url}: World,
  lines: readonly string[],
  wrong: readonly string[],
): Promise<{readonly stored: number; readonly faults: readonly string[]}> {
  const rest = new Rest(url)
  try {
    const stored = await storedIn(rest, await rest.signIn('alice'), ROOM)
    const contents = stored.map(({content}) => content)
    return {stored: contents.length, faults: [...wrong, ...differences(lines, contents)]}
  } finally {
    rest.close()
  }
}

function differences(wanted: readonly string[], contents: readonly string[]): readonly string[] {
  const at = wanted.findIndex((line, index) => contents[index] !== line)
  if (at !== -1) return [`message ${at + 1} should be '${wanted[at]}' and is '${contents[at]}'`]
  return contents.length === wanted.length
    ? []
    : [`${contents.length} messages are there, not ${wanted.length}`]
}
