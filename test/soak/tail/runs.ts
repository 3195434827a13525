import type {FaultKind} from '../../../src/sandbox/faults/spec.js'
import {Dice} from './dice.js'
import {followByFeed} from './feed-tail.js'
import {Lives} from './lives.js'
import {Received} from './received.js'
import {runTrial, type TrialResult} from './trial.js'
import {type Dialect, openWorld} from './world.js'

/** One run of the property: what it takes, all of it in the line that a failure prints. */
export interface RunOptions {
  readonly seed: number
  readonly dialect: Dialect
  readonly messages: number
  readonly faults: number
  readonly kinds?: readonly FaultKind[]
}

const READY_MS = 20_000

/** What one run has shown. */
export interface RunResult extends TrialResult {
  readonly received: Received
  /** How the tail ended: nothing, if it did as it should. */
  readonly trouble: string | undefined
}

/** The feed in this process, over real sockets. */
export async function runFeed(options: RunOptions): Promise<RunResult> {
  await using world = await openWorld(options.dialect, options.seed)
  const received = new Received()
  const {feed, read} = followByFeed(world.url, world.rooms.followed, received)
  let trouble: string | undefined
  const ended = read.catch((error: unknown) => {
    trouble = `the feed ended: ${error instanceof Error ? error.message : String(error)}`
  })
  await ready(received, 1)
  const result = await runTrial({...options, world, received, dice: new Dice(options.seed)})
  await feed.close()
  await ended
  return {...result, received, trouble}
}

/** The command in a process of its own, killed so many times at random moments and started again with its cursor. */
export async function runCommand(
  options: RunOptions & {readonly kills: number},
): Promise<RunResult & {readonly kills: number; readonly repeatedAges: readonly number[]}> {
  await using world = await openWorld(options.dialect, options.seed)
  const received = new Received()
  const lives = new Lives({url: world.url, folder: world.folder, rooms: world.rooms.followed, received})
  const dice = new Dice(options.seed)
  const moments = Array.from({length: options.kills}, () => dice.between(1, options.messages)).sort(
    (a, b) => a - b,
  )
  let isPatient = false
  try {
    await Promise.race([ready(received, 1), lives.tail.ended])
    const result = await runTrial({
      ...options,
      world,
      received,
      dice,
      onProgress: taken => {
        while (moments[0] !== undefined && moments[0] <= taken) {
          moments.shift()
          // Two in three lives get as far as to be ready.
          isPatient = dice.between(1, 3) > 1
          void lives.kill()
        }
      },
      holds: () => isPatient && lives.isStarting,
      settle: () => lives.settled(),
    })
    return {
      ...result,
      received,
      ...(await end(lives)),
      kills: lives.kills,
      repeatedAges: lives.repeatedAges(),
    }
  } finally {
    lives.tail.child.kill('SIGKILL')
  }
}

async function end(lives: Lives): Promise<{trouble: string | undefined}> {
  const TERMINATED = 143
  const code = await lives.tail.stop()
  return {trouble: code === TERMINATED ? undefined : `the tail ended with ${code}: ${lives.tail.stderr}`}
}

async function ready(received: Received, times: number): Promise<void> {
  if (!(await received.until(() => received.count('ready') >= times, READY_MS)))
    throw new Error('the tail is not ready')
}
