import {type ChildProcess, type StdioOptions, spawn} from 'node:child_process'
import type {Readable} from 'node:stream'
import {handOver, openPipes} from './pipe.js'

/** How a process ended. A shell would give the same code. */
export type ChildEnd =
  | {readonly type: 'exit'; readonly code: number}
  | {readonly type: 'signal'; readonly signal: NodeJS.Signals}
  | {readonly type: 'unstarted'; readonly code: 126 | 127; readonly reason: string}

/** A process that is running, or was not to be started. */
export interface Child {
  readonly stdout: Readable | undefined
  readonly stderr: Readable | undefined
  readonly ended: Promise<ChildEnd>
  kill(signal: NodeJS.Signals): void
}

const UNSTARTED: Readonly<Record<string, string>> = {
  ENOENT: 'command not found',
  EACCES: 'permission denied',
  ENOEXEC: 'cannot be executed',
  E2BIG: 'argument list too long',
}

/** Starts a process with its arguments as they are, without a shell; it has our stdin and our group. Never throws. */
export function startChild(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Child {
  const pipes = openPipes()
  try {
    const [out, err] = pipes ?? []
    const stdio: StdioOptions = ['inherit', out?.fd ?? 'pipe', err?.fd ?? 'pipe']
    const child = spawn(command, args, {stdio, env: {...env}})
    return {
      stdout: out?.source ?? child.stdout ?? undefined,
      stderr: err?.source ?? child.stderr ?? undefined,
      ended: endOf(child),
      kill: signal => void child.kill(signal),
    }
  } catch (error) {
    const ended = Promise.resolve(unstarted(error))
    const [stdout, stderr] = pipes?.map(({source}) => source) ?? []
    return {stdout, stderr, ended, kill: () => undefined}
  } finally {
    handOver(pipes ?? [])
  }
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise(resolve => {
    child.on('error', error => {
      if (child.pid === undefined) resolve(unstarted(error))
    })
    child.once('exit', (code, signal) =>
      resolve(signal === null ? {type: 'exit', code: code ?? 1} : {type: 'signal', signal}),
    )
  })
}

function unstarted(error: unknown): ChildEnd {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  const reason = UNSTARTED[code] ?? `cannot be started (${code})`
  return {type: 'unstarted', code: code === 'ENOENT' ? 127 : 126, reason}
}
