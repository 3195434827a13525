import {onTestFinished} from 'vitest'
import type {Chat, Fields} from '../../support/chat.js'
import type {Redis} from '../../support/redis.js'
import {startRedis} from '../../support/redis.js'
import type {Running} from '../../support/veza.js'

/** How long Redis waits for the next entry, which is there at once unless something is wrong. */
const LONGEST_WAIT_MS = 30_000

/** Rooms, the stream they go to, and those who bring them there. */
export interface World {
  readonly redis: Redis
  readonly rooms: readonly {readonly id: number; readonly name: string}[]
  /** Starts a member; it is alice. */
  relay(...flags: readonly string[]): Running
  /** Posts so many messages to each room, by turns. */
  post(each: number): Promise<void>
  /** The entries, once there are as many as were posted, but for so many that Redis has lost. */
  entries(missing?: number): Promise<readonly Fields[]>
}

export const STREAM = 'chat'

/** A Redis of its own and new rooms. */
export async function openWorld(chat: Chat, roomCount: number, redis?: Redis): Promise<World> {
  const shared = redis ?? (await startRedis())
  onTestFinished(() => shared.kill())
  const rooms: {id: number; name: string}[] = []
  for (let nth = 0; nth < roomCount; nth += 1) rooms.push(await chat.room())
  let posted = 0
  const args = ['relay', 'rooms', ...rooms.map(({name}) => name), '--stream', STREAM]
  return {
    redis: shared,
    rooms,
    relay: (...flags) => chat.alice.start([...args, ...flags], {env: {VEZA_REDIS_URL: shared.url}}),
    post: async each => {
      for (let nth = 0; nth < each; nth += 1)
        for (const {id} of rooms) await chat.post(id, [`message ${posted++} of ${id}`])
    },
    entries: (missing = 0) => entriesOf(shared, posted - missing),
  }
}

/** The fields of the entries, once there are so many. */
export async function entriesOf(redis: Redis, count: number, stream = STREAM): Promise<readonly Fields[]> {
  for (;;) {
    const entries = (await redis.command('XRANGE', stream, '-', '+')) as [string, string[]][]
    if (entries.length >= count) return entries.map(([, fields]) => fieldsOf(fields))
    const lastId = entries.at(-1)?.[0] ?? '0'
    const more = await redis.command('XREAD', 'BLOCK', `${LONGEST_WAIT_MS}`, 'STREAMS', stream, lastId)
    if (more === null) throw new Error(`${entries.length} of ${count} entries`)
  }
}

function fieldsOf(words: readonly string[]): Fields {
  const fields: Record<string, string> = {}
  for (let at = 0; at < words.length; at += 2) fields[words[at]!] = words[at + 1]!
  return fields
}

/** What is wrong with a stream: messages of the server that are not there once, or not in the order of their room. */
export async function faultsOf(chat: Chat, {rooms, entries}: World): Promise<string[]> {
  const faults: string[] = []
  const all = await entries()
  for (const {id, name} of rooms) {
    const mine = all.filter(entry => entry.room_id === String(id))
    const expected = await chat.contents(id)
    const contents = mine.map(({content}) => String(content))
    if (JSON.stringify([...contents].sort()) !== JSON.stringify([...expected].sort()))
      faults.push(`${name}: ${contents.length} entries of ${expected.length} messages`)
    let last = 0
    for (const {id: text, late} of mine) {
      if (Number(text) < last !== (late === '1')) faults.push(`${name}: ${text} after ${last}, late ${late}`)
      last = Math.max(last, Number(text))
    }
  }
  return faults
}

/** How many milliseconds something took. */
export async function took(work: Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work
  return performance.now() - startedMs
}
