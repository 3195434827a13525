import {type ChildProcess, spawn} from 'node:child_process'
import {BIN, NODE} from '../tail/tail-process.js'

/** How to run a `veza messages send --lines --json`. */
export interface BatchRun {
  readonly url: string
  readonly home: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** How it ended. */
export interface BatchEnded {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The real command in a process of its own. Retries are soon: what is tried here is not the waiting. */
export function startBatch({url, home, args, env = {}}: BatchRun): {
  readonly child: ChildProcess
  readonly ended: Promise<BatchEnded>
} {
  const account = {VEZA_SERVER: url, VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}
  const pace = {
    VEZA_RATE_LIMIT: '0',
    VEZA_RETRY_DELAY: '5ms',
    VEZA_MAX_RETRY_DELAY: '200ms',
    VEZA_RETRIES: '20',
  }
  const child = spawn(NODE, [BIN, 'messages', 'send', ...args, '--lines', '--json'], {
    env: {PATH: process.env.PATH, HOME: home, TMPDIR: home, LANG: 'C.UTF-8', ...account, ...pace, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
    })
  const ended = new Promise<BatchEnded>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({code, ...text}))
  })
  return {child, ended}
}
