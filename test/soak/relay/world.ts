import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Sandbox, startSandbox} from '../../../src/sandbox/index.js'
import {type Redis, startRedis} from '../../support/redis.js'
import {Rest} from '../tail/rest.js'
import type {Dialect} from '../tail/world.js'

/** A server with rooms, a Redis and a folder; all gone at the end. */
export interface RelayWorld extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly redis: Redis
  readonly folder: string
  readonly rooms: readonly number[]
}

const ALICE = 2
const BOB = 3

/** Starts a server in this process and a Redis beside it. */
export async function openRelayWorld(dialect: Dialect, rooms: number): Promise<RelayWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'veza-relay-'))
  const redis = await startRedis()
  const sandbox = await startSandbox({dialect, dataFile: join(folder, 'chat.db')})
  return {
    sandbox,
    redis,
    folder,
    rooms: await makeRooms(sandbox.url, rooms),
    [Symbol.asyncDispose]: async () => {
      await sandbox.close()
      await redis[Symbol.asyncDispose]()
      rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 50})
    },
  }
}

/** `general` and others, all with alice, who follows, and bob, who sends. */
export async function makeRooms(url: string, count: number): Promise<readonly number[]> {
  const rest = new Rest(url)
  try {
    const token = await rest.signIn('admin')
    const rooms = [1]
    while (rooms.length < count) {
      const room = {name: `room-${rooms.length + 1}`, is_public: true}
      const {id} = (await rest.call('POST', '/rooms', token, room)) as {id: number}
      for (const user_id of [ALICE, BOB])
        await rest.call('POST', `/rooms/${id}/members`, token, {user_id, role: 'member'})
      rooms.push(id)
    }
    return rooms
  } finally {
    rest.close()
  }
}
