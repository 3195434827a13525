import type {ProcessGroup} from './process-group.js'

/** A process whose time is over has so long to end by itself. */
const KILL_AFTER_MS = 5000
/** After a signal a command has 5 s in all: processes may go on for the first 3 and have the fourth to obey. */
const STOP_AFTER_MS = 3000
const KILL_AFTER_STOP_MS = 1000
const LOOK_AGAIN_MS = 50
/** The longest time a timer can count. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Waits; an abort of the signal ends it at once, with an error or without. */
export type Sleep = (delayMs: number, signal: AbortSignal) => Promise<void>

/** What a process may take. */
export interface Limits {
  readonly timeoutMs: number
  /** Aborted: it may go on for 3 s, then it is ended. */
  readonly signal: AbortSignal
  readonly sleep: Sleep
}

/** Why a process is ended from outside, and what time it has to obey. */
export interface Limit {
  readonly limit: 'timeout' | 'stopped'
  readonly killAfterMs: number
}

/** Resolves when a process has to be ended; `over` ends the waiting. */
export function limitOf(limits: Limits, over: AbortSignal): Promise<Limit> {
  return Promise.race([timeLimit(limits, over), stopLimit(limits, over)])
}

/** Sends SIGTERM to each process of the group and, where one is left when the time is over, SIGKILL. */
export async function endGroup(group: ProcessGroup, killAfterMs: number, sleep: Sleep): Promise<void> {
  const {signal} = new AbortController()
  group.signal('SIGTERM')
  // The leader may obey at once, but what it has started may need the time: the group counts.
  for (let waitedMs = 0; waitedMs < killAfterMs && group.isAlive; waitedMs += LOOK_AGAIN_MS) {
    await sleep(LOOK_AGAIN_MS, signal)
  }
  if (group.isAlive) group.signal('SIGKILL')
}

async function timeLimit({timeoutMs, sleep}: Limits, over: AbortSignal): Promise<Limit> {
  await sleep(Math.min(timeoutMs, LONGEST_TIMER_MS), over)
  return {limit: 'timeout', killAfterMs: KILL_AFTER_MS}
}

async function stopLimit({signal, sleep}: Limits, over: AbortSignal): Promise<Limit> {
  await new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), {once: true, signal: over})
  })
  await sleep(STOP_AFTER_MS, over)
  return {limit: 'stopped', killAfterMs: KILL_AFTER_STOP_MS}
}
