import type {FaultKind} from '../../../src/sandbox/faults/spec.js'
import type {Dice} from './dice.js'
import {runLoad} from './load.js'
import {judge, type Verdict} from './oracle.js'
import {type PlannedFault, planFaults} from './plan.js'
import type {Received} from './received.js'
import {lots, storedOf, type World} from './world.js'

/** What a run does to a tail. */
export interface TrialOptions {
  readonly world: World
  /** What the tail gives out; it is ready. */
  readonly received: Received
  readonly messages: number
  readonly faults: number
  /** Only these kinds; default: all. */
  readonly kinds?: readonly FaultKind[]
  readonly dice: Dice
  /** Told of the progress, for what else shall happen at some moment. */
  readonly onProgress?: (taken: number) => void
  /** While this is true nothing is sent. */
  readonly holds?: () => boolean
  /** Resolves when nothing else will happen that could lose a message; called when all are sent. */
  readonly settle?: () => Promise<void>
}

/** What came of it. */
export interface TrialResult {
  readonly verdict: Verdict
  /** How many messages the server has in the rooms that were followed. */
  readonly stored: number
  /** How many times a fault has struck. */
  readonly strikes: Readonly<Record<FaultKind, number>>
  /** Between the moment when all was sent and well and the last message, in milliseconds. */
  readonly drainMs: number
}

/**
 * How far the senders may be ahead of what was last received, at most: else most faults would strike while the tail is not
 * connected at all, and be none to it.
 */
const MOST_AHEAD = 300
/** What is received may stop for good, where everything that was sent was lost on the way to the server. */
const PATIENCE_MS = 1_000
/** Longer than any of the intervals of a run. */
const DRAIN_LIMIT_MS = 30_000

/**
 * Sends the messages while the faults strike, heals the server, sends as many again as it did not get, waits until the tail
 * has all of them, and compares.
 */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const {world, received, messages, faults, dice} = options
  const [roomId = 1] = world.rooms.followed
  const plan = planFaults({messages, faults, roomId, kinds: options.kinds, dice: dice.split()})
  await send(options, messages, dice.split(), taken => {
    arm(world, plan, taken)
    options.onProgress?.(taken)
  })
  const strikes = world.sandbox.faults.counts()
  world.sandbox.faults.clear()
  await options.settle?.()
  let stored = await storedOf(world.url, world.rooms.followed)
  while (stored.length < messages) {
    await send(options, messages - stored.length, dice.split())
    stored = await storedOf(world.url, world.rooms.followed)
  }
  const healedMs = performance.now()
  await received.until(() => received.distinct >= stored.length, DRAIN_LIMIT_MS)
  const drainMs = Math.max(0, (received.messages.at(-1)?.atMs ?? 0) - healedMs)
  return {verdict: judge(stored, received.messages), stored: stored.length, strikes, drainMs}
}

function arm(world: World, plan: PlannedFault[], taken: number): void {
  while (plan[0] !== undefined && plan[0].atMessage <= taken) {
    world.sandbox.faults.arm(plan[0].spec)
    plan.shift()
  }
}

function send(
  {world, received, holds = () => false}: TrialOptions,
  messages: number,
  dice: Dice,
  onProgress?: (taken: number) => void,
): Promise<void> {
  const keepsUp = lead(received, dice.split())
  return runLoad({
    url: world.url,
    rooms: lots(world.rooms),
    messages,
    dice,
    ...(onProgress === undefined ? {} : {onProgress}),
    mayGoOn: taken => !holds() && keepsUp(taken),
  })
}

/** Whether the tail keeps up. */
function lead(received: Received, dice: Dice): (taken: number) => boolean {
  let count = -1
  let limit = 0
  let sinceMs = 0
  return taken => {
    const nowMs = performance.now()
    if (received.messages.length !== count || nowMs - sinceMs > PATIENCE_MS) {
      count = received.messages.length
      limit = taken + dice.between(1, MOST_AHEAD)
      sinceMs = nowMs
    }
    return taken < limit
  }
}
