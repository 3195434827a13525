import {createClient} from 'redis'
import type {Entry} from './judge.js'

/** An entry, and when Redis took it, in milliseconds since 1970. */
export interface TimedEntry extends Entry {
  readonly atMs: number
  /** When the server says that the message was made. */
  readonly createdMs: number
}

/** Who has which room. */
export interface Share {
  /** Members whose session has not ended, and when it ends. */
  readonly members: readonly string[]
  /** The member of each room that has one. */
  readonly holders: ReadonlyMap<number, string>
}

/** What a judge looks at in Redis; it changes nothing there. */
export interface StreamView extends AsyncDisposable {
  length(): Promise<number>
  entries(): Promise<TimedEntry[]>
  share(): Promise<Share>
}

const PAGE_ENTRIES = 5_000

/** Looks at a stream and at what the relays that write it keep beside it. */
export async function viewStream(url: string, key: string): Promise<StreamView> {
  const client = createClient({url})
  client.on('error', () => undefined)
  await client.connect()
  const group = `{${key}}:veza-rooms`
  return {
    length: () => client.xLen(key),
    share: async () => {
      const [members, leases] = await Promise.all([
        client.zRange(`${group}:members`, 0, -1),
        client.hGetAll(`${group}:leases`),
      ])
      // Such as "room:15" and "MEMBER TOKEN".
      const holders = Object.entries(leases).map(
        ([room, lease]) => [Number(/\d+$/.exec(room)?.[0]), String(lease).split(' ')[0] ?? ''] as const,
      )
      return {members: members.map(String), holders: new Map(holders)}
    },
    entries: async () => {
      const all: TimedEntry[] = []
      for (let start = '-'; ; ) {
        const page = (await client.xRange(key, start, '+', {COUNT: PAGE_ENTRIES})) ?? []
        for (const {id, message} of page) all.push(entryOf(String(id), message))
        if (page.length < PAGE_ENTRIES) return all
        start = `(${page.at(-1)?.id}`
      }
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

function entryOf(entryId: string, fields: Readonly<Record<string, unknown>>): TimedEntry {
  return {
    id: Number(fields.id),
    roomId: Number(fields.room_id),
    content: String(fields.content),
    isLate: fields.late === '1',
    atMs: Number(entryId.split('-')[0]),
    createdMs: Date.parse(String(fields.created_at)),
  }
}
