import {afterAll, afterEach, beforeAll, beforeEach} from 'vitest'
import type {DialectName} from '../../../src/sandbox/dialects.js'
import {type FaultSpec, type Sandbox, startSandbox} from '../../../src/sandbox/index.js'
import {type Fields, rowsOf, signIn} from '../../support/chat.js'
import {type Redis, startRedis} from '../../support/redis.js'
import {homeOf} from '../../support/sandbox.js'
import type {Running, RunOptions} from '../../support/veza.js'

/** A room of a sandbox, a stream of a Redis, and relays between them; all of it new for each test. */
export interface StreamWorld {
  readonly redis: Redis
  readonly sandbox: Sandbox
  readonly roomId: number
  /** Starts a relay of `jobs`, with `--json`; a home each, as on machines of their own. */
  relay(args?: readonly string[], options?: RunOptions): Running
  /** Adds an entry to `jobs`, for the room unless it says otherwise; resolves to its id. */
  add(fields: Readonly<Record<string, string | number>>): Promise<string>
  /** What the room has, oldest first. */
  contents(): Promise<string[]>
  /** How many entries are given out and not acknowledged. */
  pending(): Promise<number>
  /** The reasons of the dead letters. */
  reasons(): Promise<string[]>
  request(method: string, path: string, body?: Fields): Promise<unknown>
}

/** What keeps a relay from learning whether its message has arrived: it has, and history cannot be read. */
export const IN_DOUBT: readonly FaultSpec[] = [
  {kind: 'reset_after', method: 'POST', path: '/rooms/', count: 1},
  {kind: 'reset_before', method: 'GET', path: '/rooms/', count: 10_000},
]

/** To be called at the top of a file or in a `describe`. */
export function useStreams(dialect: DialectName = 'reference'): StreamWorld {
  let redis: Redis
  let sandbox: Sandbox
  let token = ''
  let roomId = 0
  beforeAll(async () => {
    redis = await startRedis()
    sandbox = await startSandbox({port: 0, dialect})
  })
  afterAll(async () => {
    await sandbox.close()
    await redis.kill()
  })
  const request: StreamWorld['request'] = async (method, path, body) => {
    const response = await fetch(`${sandbox.url}/api/v1${path}`, {
      method,
      headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'},
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
    const text = await response.text()
    const answer = (text === '' ? {} : JSON.parse(text)) as Fields
    return 'data' in answer ? answer.data : answer
  }
  beforeEach(async () => {
    await redis.command('FLUSHALL')
    token = await signIn(sandbox.url, 'alice')
    const name = `room-${Math.random()}`
    roomId = ((await request('POST', '/rooms', {name})) as {id: number}).id
  })
  afterEach(() => sandbox.faults.clear())
  const contents = async (): Promise<string[]> => {
    const data = await request('GET', `/rooms/${roomId}/messages?limit=100`)
    return rowsOf(data, 'messages')
      .map(({content}) => String(content))
      .reverse()
  }
  return {
    get redis() {
      return redis
    },
    get sandbox() {
      return sandbox
    },
    get roomId() {
      return roomId
    },
    relay(args = [], options = {}) {
      const home = homeOf(sandbox, 'alice', {VEZA_REDIS_URL: redis.url})
      return home.start(['relay', 'stream', 'jobs', '--json', ...args], options)
    },
    add: async fields => {
      const all = {room_id: roomId, ...fields}
      return String(await redis.command('XADD', 'jobs', '*', ...Object.entries(all).flat().map(String)))
    },
    contents,
    pending: async () => Number(((await redis.command('XPENDING', 'jobs', 'veza')) as unknown[])[0]),
    reasons: async () => {
      const letters = (await redis.command('XRANGE', 'jobs:dead', '-', '+')) as [string, string[]][]
      return letters.map(([, words]) => words[words.indexOf('veza_reason') + 1]!)
    },
    request,
  }
}

/** Resolves when the relay has told of so many entries. */
export async function told(relay: Running, count: number): Promise<void> {
  await relay.sees('stdout', new RegExp(`^(.*\n){${count}}`))
}

/** Ends it in an orderly way. */
export function stop(relay: Running) {
  relay.child.kill('SIGTERM')
  return relay.ended
}

/** Ends it at once. */
export async function kill(relay: Running): Promise<void> {
  relay.child.kill('SIGKILL')
  await relay.ended
}
