import {type ChildProcess, spawn} from 'node:child_process'
import {endGroup, type Limits, limitOf} from '../hooks/limits.js'
import {ProcessGroup} from '../hooks/process-group.js'
import {Complaints, Output} from './program-output.js'
import type {RunningGroups} from './running-groups.js'

/** A program that prints more has so long to end by itself. */
const KILL_FLOOD_AFTER_MS = 1000
/** What a program printed is here so long after its end, even where a process that it has left behind holds the pipe. */
const LAST_BYTES_MS = 200

/** One run of a program. */
export interface ProgramRun extends Limits {
  /** The program and its arguments, as they are: no shell reads them. */
  readonly words: readonly string[]
  readonly folder: string
  readonly variables: Readonly<Record<string, string>>
  /** Written to its stdin, whether it reads that or not. */
  readonly input: string
  /** Told at the end of what it wrote to stderr, where it wrote anything: the last 4 KiB. */
  readonly complain: (text: string) => void
  /** Told of it as long as it runs. */
  readonly running: Pick<RunningGroups, 'add' | 'delete'>
}

/** How it ended; `stopped`: because the bot has to end, so nothing is known. */
export type ProgramOutcome =
  | {readonly type: 'done'; readonly output: string; readonly isCut: boolean}
  | {readonly type: 'failed'; readonly exitCode: number | undefined}
  /** It cannot be started; `reason` is the system's word for it. */
  | {readonly type: 'missing'; readonly reason: string}
  | {readonly type: 'timeout' | 'stopped'}

type Exit = Extract<ProgramOutcome, {type: 'failed' | 'missing'}> | {readonly type: 'exited'}

/**
 * Runs a program to its end, in a process group of its own, and takes what it prints. When its time is over, or it
 * prints more than 64 KiB on stdout, each process of the group gets SIGTERM and then SIGKILL. Never rejects.
 */
export async function runProgram(run: ProgramRun): Promise<ProgramOutcome> {
  const over = new AbortController()
  try {
    const child = start(run)
    const exited = exitOf(child)
    if (child.pid === undefined || child.stdout === null || child.stderr === null)
      return await failureOf(exited)
    const group = new ProcessGroup(child.pid)
    run.running.add(group)
    const output = new Output(child.stdout)
    const complaints = new Complaints(child.stderr)
    const first = await Promise.race([exited, output.flooded, limitOf(run, over.signal)])
    if (first === 'flooded') await endGroup(group, KILL_FLOOD_AFTER_MS, run.sleep)
    else if ('limit' in first) await endGroup(group, first.killAfterMs, run.sleep)
    const exit = await exited
    run.running.delete(group)
    await Promise.race([Promise.all([output.ended, complaints.ended]), run.sleep(LAST_BYTES_MS, over.signal)])
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy()
    if (complaints.text !== '') run.complain(complaints.text)
    if (first !== 'flooded' && 'limit' in first) return {type: first.limit}
    if (output.isCut || exit.type === 'exited')
      return {type: 'done', output: output.text, isCut: output.isCut}
    return exit
  } catch (error) {
    return missing(error)
  } finally {
    over.abort()
  }
}

function start({words, folder, variables, input}: ProgramRun): ChildProcess {
  const [program = '', ...args] = words
  const child = spawn(program, args, {
    cwd: folder,
    env: {...variables},
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  // A program need not read its input.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  return child
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise(resolve => {
    child.once('error', error => resolve(missing(error)))
    child.once('exit', code =>
      resolve(code === 0 ? {type: 'exited'} : {type: 'failed', exitCode: code ?? undefined}),
    )
  })
}

async function failureOf(exited: Promise<Exit>): Promise<ProgramOutcome> {
  const exit = await exited
  return exit.type === 'exited' ? {type: 'failed', exitCode: undefined} : exit
}

function missing(error: unknown): Extract<ProgramOutcome, {type: 'missing'}> {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return {type: 'missing', reason}
}
