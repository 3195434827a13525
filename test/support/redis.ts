import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {createInterface} from 'node:readline'
import {createClient} from 'redis'
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
  /** Lets it go on after `freeze`. */
  thaw(): void
  /** Ends it at once. */
  kill(): Promise<void>
  /** Starts it again on the same port, empty unless it keeps everything; kills it first where it runs. */
  restart(): Promise<void>
  /** Makes it full, so that it takes no more data, or not full any more. */
  fill(isFull: boolean): Promise<void>
  /** Sends one command over a connection of its own, so that a test can look, fill and configure. */
  command(...args: readonly string[]): Promise<unknown>
}

/**
 * Starts it, and resolves when it takes connections; `await using` ends it.
 * @param keepIn a folder where it keeps everything, so that it is not empty after `restart`
 */
export async function startRedis(keepIn?: string): Promise<Redis> {
  const port = await closedPort()
  const password = 's3cret-of-redis'
  const url = `redis://:${password}@127.0.0.1:${port}`
  const log = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', keepIn ?? '']
  const keeps = ['--save', '', ...(keepIn === undefined ? ['--appendonly', 'no'] : log)]
  const all = ['--port', `${port}`, '--bind', '127.0.0.1', '--requirepass', password, ...keeps]
  let child = await launch(all)
  const kill = () => end(child)
  return {
    port,
    password,
    url,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill()
      child = await launch(all)
    },
    fill: async isFull => void (await commandOnce(url, ['CONFIG', 'SET', 'maxmemory', isFull ? '1' : '0'])),
    command: (...command) => commandOnce(url, command),
    [Symbol.asyncDispose]: kill,
  }
}

async function launch(args: readonly string[]): Promise<ChildProcess> {
  if (PROGRAM === undefined) throw new Error('there is no redis-server on this machine')
  const child = spawn(PROGRAM, args, {stdio: ['ignore', 'pipe', 'inherit']})
  await ready(child)
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function commandOnce(url: string, command: readonly string[]): Promise<unknown> {
  const client = createClient({url, RESP: 2, socket: {reconnectStrategy: false}})
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await client.sendCommand(command)
  } finally {
    client.destroy()
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
