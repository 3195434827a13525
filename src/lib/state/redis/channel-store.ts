import type {Redis} from './client.js'
import type {Lease} from './cluster-store.js'
import type {GroupKeys} from './group-keys.js'
import type {RedisValue, Script} from './script.js'

/** How far one channel is, to be kept under a lease. */
export interface ChannelPart {
  readonly lease: Lease
  /** What a later holder gets from `read`. */
  readonly text: string
  /** Messages that were begun and that `text` knows to be done. */
  readonly done: readonly number[]
}

/** What became of what a lease had to protect: `fenced`, somebody else has it by now, and nothing was done. */
export type Begun = 'first' | 'again' | 'fenced'

/** How far the channels of a group are, and which of their messages somebody has begun to answer. */
export interface ChannelStore {
  /** The last text of each; undefined for those that were never kept. */
  read(names: readonly string[]): Promise<readonly (string | undefined)[]>
  /** Keeps each part whose lease is still the member's; tells which these were. May be repeated. */
  save(parts: readonly ChannelPart[]): Promise<readonly boolean[]>
  /** Notes that a message is about to be answered: `again` where somebody had noted that before. */
  begin(lease: Lease, messageId: number): Promise<Begun>
  /** When the group began, milliseconds since 1970: `nowMs`, where it begins with this call. */
  born(nowMs: number): Promise<number>
}

/** The first write is one that a full Redis refuses, so that it refuses all. */
const SAVE: Script = {
  name: 'save channels',
  source: `
local at, kept = 2, {}
for key = 3, #KEYS do
  local name, token, text, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local isOurs = redis.call('HGET', KEYS[1], name) == ARGV[1] .. ' ' .. token
  if isOurs then
    redis.call('HSET', KEYS[2], name, text)
    for done = at + 4, at + 3 + count do redis.call('SREM', KEYS[key], ARGV[done]) end
  end
  kept[#kept + 1] = isOurs and 1 or 0
  at = at + 4 + count
end
return kept`,
}

const BEGIN: Script = {
  name: 'begin',
  source: `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'fenced' end
return redis.call('SADD', KEYS[2], ARGV[3]) == 1 and 'first' or 'again'`,
}

/** The field of the cursors that says when the group began; no channel is called so. */
const BORN = '@born'

/** The store of one group, as the member it is opened for. Its calls fail as those of its Redis do. */
export function openChannelStore(redis: Redis, keys: GroupKeys, member: string): ChannelStore {
  const cursors = keys.of('cursors')
  const begunKey = (name: string): string => keys.of(`begun:${name}`)
  return {
    read: async names => {
      if (names.length === 0) return []
      return listOf(await redis.call(['HMGET', cursors, ...names])).map(value => textOf(value))
    },
    save: async parts => {
      const begun = parts.map(({lease}) => begunKey(lease.name))
      const args = parts.flatMap(({lease, text, done}) => [
        lease.name,
        lease.token,
        text,
        done.length,
        ...done,
      ])
      return listOf(await redis.run(SAVE, [keys.leases, cursors, ...begun], [member, ...args])).map(
        value => value === 1,
      )
    },
    begin: async ({name, token}, messageId) => {
      const args = [name, `${member} ${token}`, messageId]
      return (await redis.run(BEGIN, [keys.leases, begunKey(name)], args)) as Begun
    },
    born: async nowMs => {
      await redis.call(['HSETNX', cursors, BORN, Math.floor(nowMs)])
      return Number(await redis.call(['HGET', cursors, BORN]))
    },
  }
}

function listOf(value: RedisValue): readonly RedisValue[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: RedisValue): string | undefined {
  return typeof value === 'string' ? value : undefined
}
