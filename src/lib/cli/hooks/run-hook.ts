import {type ChildProcess, spawn} from 'node:child_process'
import type {Writable} from 'node:stream'
import {endGroup, type Limit, type Limits, limitOf} from './limits.js'
import {ProcessGroup} from './process-group.js'

/** Where a hook's output goes: where ours goes, nowhere, or to another stream that has a descriptor. */
export type HookOutput = 'inherit' | 'ignore' | Writable

/** One run of a hook. */
export interface HookRun extends Limits {
  /** For the shell: `/bin/sh -c`, on Windows `cmd /d /s /c`. */
  readonly command: string
  readonly variables: Readonly<Record<string, string>>
  /** Written to its stdin, whether it reads that or not. */
  readonly input: string
  readonly output: {readonly stdout: HookOutput; readonly stderr: HookOutput}
  /** Where its processes are listed as long as they run. */
  readonly running: Set<ProcessGroup>
}

/** How one run of a hook ended; `stopped`: because it had to, so nothing is known. */
export type HookOutcome =
  | {readonly type: 'done'}
  | {
      readonly type: 'failed'
      readonly reason: string
      readonly isFinal: boolean
      /** Its time was over. */
      readonly isLate?: boolean
    }
  | {readonly type: 'stopped'}

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
    const first = await Promise.race([exited, limitOf(run, over.signal)])
    if ('limit' in first) await endGroup(group, first.killAfterMs, run.sleep)
    await exited
    run.running.delete(group)
    // What it did not read is of no use any more, and a process it has left behind may keep the pipe open.
    child.stdin?.destroy()
    return 'limit' in first ? limited(first, run) : first
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

function limited({limit}: Limit, {timeoutMs}: HookRun): HookOutcome {
  if (limit === 'stopped') return {type: 'stopped'}
  return {type: 'failed', reason: `timeout after ${timeoutMs / 1000} s`, isFinal: false, isLate: true}
}

function unstarted(error: unknown): HookOutcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return {type: 'failed', reason: `cannot be started (${code})`, isFinal: false}
}
