import {type ChildProcess, spawn} from 'node:child_process'
import type {Writable} from 'node:stream'
import {ProcessGroup} from './process-group.js'

/** A hook that was told to end has so long to do so. */
const KILL_AFTER_MS = 5000
/** After a signal a command has 5 s in all: hooks may go on for the first 3 and have the fourth to obey. */
const STOP_AFTER_MS = 3000
const KILL_AFTER_STOP_MS = 1000
const LOOK_AGAIN_MS = 50
/** The longest time a timer can count. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Where a hook's output goes: where ours goes, nowhere, or to another stream that has a descriptor. */
export type HookOutput = 'inherit' | 'ignore' | Writable

/** Waits; an abort of the signal ends it at once, with an error or without. */
export type Sleep = (delayMs: number, signal: AbortSignal) => Promise<void>

/** One run of a hook. */
export interface HookRun {
  /** For the shell: `/bin/sh -c`, on Windows `cmd /d /s /c`. */
  readonly command: string
  readonly variables: Readonly<Record<string, string>>
  /** Written to its stdin, whether it reads that or not. */
  readonly input: string
  readonly output: {readonly stdout: HookOutput; readonly stderr: HookOutput}
  readonly timeoutMs: number
  /** Aborted: the hook may go on for 3 s, then it is ended. */
  readonly signal: AbortSignal
  readonly sleep: Sleep
  /** Where its processes are listed as long as they run. */
  readonly running: Set<ProcessGroup>
}

/** How one run of a hook ended; `stopped`: because it had to, so nothing is known. */
export type HookOutcome =
  | {readonly type: 'done'}
  | {readonly type: 'failed'; readonly reason: string; readonly isFinal: boolean}
  | {readonly type: 'stopped'}

/** Why a hook is ended from outside, and what time it has to obey. */
interface Limit {
  readonly outcome: HookOutcome
  readonly killAfterMs: number
}

/**
 * Runs a hook to its end, in a process group of its own. When its time is over each process of the group gets SIGTERM
 * and, 5 s later, SIGKILL. What a hook that ended by itself has left running is left alone. Never rejects.
 */
export async function runHook(run: HookRun): Promise<HookOutcome> {
  const over = new AbortController()
  try {
    const child = start(run)
    const exited = outcomeOf(child)
    if (child.pid === undefined) return await exited
    const group = new ProcessGroup(child.pid)
    run.running.add(group)
    const first = await Promise.race([exited, timeLimit(run, over.signal), stopLimit(run, over.signal)])
    if ('killAfterMs' in first) await end(group, first.killAfterMs, run.sleep)
    await exited
    run.running.delete(group)
    // What it did not read is of no use any more, and a process it has left behind may keep the pipe open.
    child.stdin?.destroy()
    return 'killAfterMs' in first ? first.outcome : first
  } catch (error) {
    return unstarted(error)
  } finally {
    over.abort()
  }
}

function start({command, variables, input, output}: HookRun): ChildProcess {
  const child = spawn(command, {
    shell: true,
    env: {...variables},
    stdio: ['pipe', output.stdout, output.stderr],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  // A hook need not read its input.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  return child
}

function outcomeOf(child: ChildProcess): Promise<HookOutcome> {
  return new Promise(resolve => {
    child.once('error', error => resolve(unstarted(error)))
    child.once('exit', (code, signal) => resolve(exitOutcome(code, signal)))
  })
}

function exitOutcome(code: number | null, signal: string | null): HookOutcome {
  if (code === 0) return {type: 'done'}
  if (code === 127) return {type: 'failed', reason: 'exit code 127, command not found', isFinal: true}
  if (code === 126)
    return {type: 'failed', reason: 'exit code 126, command cannot be executed', isFinal: true}
  return {type: 'failed', reason: code === null ? `ended by ${signal}` : `exit code ${code}`, isFinal: false}
}

function unstarted(error: unknown): HookOutcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return {type: 'failed', reason: `cannot be started (${code})`, isFinal: false}
}

async function timeLimit({timeoutMs, sleep}: HookRun, over: AbortSignal): Promise<Limit> {
  await sleep(Math.min(timeoutMs, LONGEST_TIMER_MS), over)
  const reason = `timeout after ${timeoutMs / 1000} s`
  return {outcome: {type: 'failed', reason, isFinal: false}, killAfterMs: KILL_AFTER_MS}
}

async function stopLimit({signal, sleep}: HookRun, over: AbortSignal): Promise<Limit> {
  await new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), {once: true, signal: over})
  })
  await sleep(STOP_AFTER_MS, over)
  return {outcome: {type: 'stopped'}, killAfterMs: KILL_AFTER_STOP_MS}
}

/** The shell obeys at once, but what it has started may need the time: the group counts, not its leader. */
async function end(group: ProcessGroup, killAfterMs: number, sleep: Sleep): Promise<void> {
  const {signal} = new AbortController()
  group.signal('SIGTERM')
  for (let waitedMs = 0; waitedMs < killAfterMs && group.isAlive; waitedMs += LOOK_AGAIN_MS) {
    await sleep(LOOK_AGAIN_MS, signal)
  }
  if (group.isAlive) group.signal('SIGKILL')
}
