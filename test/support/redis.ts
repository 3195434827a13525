import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {createInterface} from 'node:readline'
import {closedPort} from './http-stub.js'

const PROGRAMS = ['/usr/bin/redis-server', '/usr/bin/valkey-server', '/usr/local/bin/redis-server']
const PROGRAM = PROGRAMS.find(path => existsSync(path))

/** Whether this machine has a Redis to start. */
export const hasRedis = PROGRAM !== undefined

/** A real Redis with a password, on a port of its own, that keeps nothing on disk. */
export interface Redis extends AsyncDisposable {
  readonly port: number
  readonly password: string
  /** `redis://:password@127.0.0.1:port`. */
  readonly url: string
  /** Stops it in its tracks: it takes connections and answers nothing. */
  freeze(): void
  /** Ends it at once. */
  kill(): Promise<void>
}

/** Starts it, and resolves when it takes connections; `await using` ends it. */
export async function startRedis(): Promise<Redis> {
  if (PROGRAM === undefined) throw new Error('there is no redis-server on this machine')
  const port = await closedPort()
  const password = 's3cret-of-redis'
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--requirepass', password, '--save', '']
  const child = spawn(PROGRAM, [...args, '--appendonly', 'no'], {stdio: ['ignore', 'pipe', 'inherit']})
  await ready(child)
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return {
    port,
    password,
    url: `redis://:${password}@127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    kill,
    [Symbol.asyncDispose]: kill,
  }
}

async function ready(child: ChildProcess): Promise<void> {
  for await (const line of createInterface({input: child.stdout!})) {
    if (!line.includes('Ready to accept connections')) continue
    child.stdout!.resume()
    return
  }
  throw new Error('redis-server did not start')
}
