import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import type {Readable} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import {Dice} from './dice.js'
import {openLink} from './link.js'
import {runLoad} from './load.js'
import {judge, type Verdict} from './oracle.js'
import {Received} from './received.js'
import {BIN, NODE, TailProcess} from './tail-process.js'
import {lots, makeRooms, openWorld, type Rooms, storedOf} from './world.js'

/** What an outage has shown, in milliseconds. */
export interface Outage {
  readonly verdict: Verdict
  readonly stored: number
  /** From the moment when nothing passed any more to the tail's word of it. */
  readonly noticedMs: number
  /** From the server's return to the last message that was missed meanwhile. */
  readonly caughtUpMs: number
  readonly stderr: string
}

/** How to run the tail, and how long the outage lasts. */
export interface OutageOptions {
  /** Settings of the tail; default: none, so its defaults. */
  readonly env?: NodeJS.ProcessEnv
  readonly outageMs: number
  /** Messages a second, before, during and after it. */
  readonly rate: number
  /** How long there is load before it. */
  readonly beforeMs: number
  readonly seed: number
}

const LIMIT_MS = 180_000

/** `veza sandbox` in a process of its own is ended as by a deployment, and started again on its port with its data. */
export async function runRestart(options: OutageOptions): Promise<Outage> {
  const folder = mkdtempSync(join(tmpdir(), 'veza-soak-'))
  const data = join(folder, 'chat.db')
  let server = await startServer(folder, ['--port', '0', '--data', data])
  const {url} = server
  const rooms = await makeRooms(url)
  const received = new Received()
  const tail = startTail(url, folder, rooms, received, options.env)
  await some(received, 'ready')
  const load = startLoad(url, rooms, options)
  try {
    await sleep(options.beforeMs)
    const downMs = performance.now()
    await server.stop()
    await sleep(options.outageMs)
    server = await startServer(folder, ['--port', new URL(url).port, '--data', data])
    const backMs = performance.now()
    await some(received, 'reconnected')
    await load.stop()
    const verdict = await compare(url, rooms, received)
    await tail.stop()
    return {
      ...verdict,
      noticedMs: noted(received, 'disconnected') - downMs,
      caughtUpMs: lastMissed(received) - backMs,
      stderr: tail.stderr,
    }
  } finally {
    await load.stop()
    tail.child.kill('SIGKILL')
    await server.stop()
    rmSync(folder, {recursive: true, force: true})
  }
}

/** The way to the server forwards nothing any more and closes nothing; a new connection is served at once. */
export async function runSilence(options: Omit<OutageOptions, 'outageMs'>): Promise<Outage> {
  await using world = await openWorld('reference')
  await using link = await openLink(world.url)
  const received = new Received()
  const tail = startTail(link.url, world.folder, world.rooms, received, options.env)
  await some(received, 'ready')
  const load = startLoad(world.url, world.rooms, options)
  try {
    await sleep(options.beforeMs)
    link.goSilent()
    const silentMs = performance.now()
    const {atMs} = await tail.says(/^disconnected: /)
    await some(received, 'reconnected')
    await load.stop()
    const verdict = await compare(world.url, world.rooms, received)
    await tail.stop()
    return {
      ...verdict,
      noticedMs: atMs - silentMs,
      caughtUpMs: lastMissed(received) - atMs,
      stderr: tail.stderr,
    }
  } finally {
    await load.stop()
    tail.child.kill('SIGKILL')
  }
}

function startTail(
  url: string,
  folder: string,
  rooms: Rooms,
  received: Received,
  env: NodeJS.ProcessEnv = {},
) {
  return new TailProcess({url, home: folder, args: rooms.followed.map(String), env, received})
}

function startLoad(url: string, rooms: Rooms, {rate, seed}: Pick<OutageOptions, 'rate' | 'seed'>) {
  const startMs = performance.now()
  let isOver = false
  const done = runLoad({
    url,
    rooms: lots(rooms),
    messages: Number.POSITIVE_INFINITY,
    dice: new Dice(seed),
    mayGoOn: taken => taken < ((performance.now() - startMs) / 1000) * rate,
    isOver: () => isOver,
  })
  return {
    stop: (): Promise<void> => {
      isOver = true
      return done
    },
  }
}

async function compare(
  url: string,
  rooms: Rooms,
  received: Received,
): Promise<{verdict: Verdict; stored: number}> {
  const stored = await storedOf(url, rooms.followed)
  await received.until(() => received.distinct >= stored.length, LIMIT_MS)
  return {verdict: judge(stored, received.messages), stored: stored.length}
}

/** When the tail was live again and the last message of a gap had come. */
function lastMissed(received: Received): number {
  const ends = received.notes.filter(({event}) => event === 'gap_filled').map(({data}) => Number(data.to))
  const arrivals = received.messages.filter(({id}) => ends.includes(id)).map(({atMs}) => atMs)
  return Math.max(noted(received, 'reconnected'), ...arrivals)
}

function noted(received: Received, event: string): number {
  return received.notes.find(note => note.event === event)?.atMs ?? Number.NaN
}

async function some(received: Received, event: string): Promise<void> {
  if (!(await received.until(() => received.count(event) > 0, LIMIT_MS)))
    throw new Error(`no '${event}' came`)
}

async function startServer(home: string, flags: readonly string[]) {
  const child = spawn(NODE, [BIN, 'sandbox', ...flags], {
    env: {PATH: process.env.PATH, HOME: home},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return {
    url: await readyUrl(child),
    stop: async (): Promise<void> => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({input: child.stderr as Readable})) {
    if (!line.startsWith('ready: ')) continue
    child.stderr?.resume()
    return line.slice('ready: '.length)
  }
  throw new Error('the sandbox did not start')
}
