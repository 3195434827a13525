import type {Redis} from './client.js'
import type {GroupKeys} from './group-keys.js'
import type {RedisValue, Script} from './script.js'

/** A member's right to one piece of work. Tokens of a group grow: of two leases the one with the higher token is later. */
export interface Lease {
  readonly name: string
  readonly token: number
}

/** Who has a piece of work, or had it and is gone. */
export interface Holding {
  readonly member: string
  readonly token: number
}

/** A group at a moment. */
export interface GroupView {
  /** Those who are there, whoever asks among them. */
  readonly members: readonly string[]
  /** Of these, who was heard of in the last half of the time that they have. */
  readonly lively: readonly string[]
  /** By name; a holder that is not among the members has lost its right as soon as somebody takes it. */
  readonly leases: ReadonlyMap<string, Holding>
}

/** What the members of a group share. Each call rejects as `Redis.run`. */
export interface ClusterStore {
  /** Says that the member is there, for so long from now on. Works where Redis is full, too. */
  beat(member: string, ttlMs: number): Promise<GroupView>
  /** Takes those that nobody has, or somebody who is gone. Nothing, where the member itself is gone by now. */
  acquire(member: string, names: readonly string[]): Promise<readonly Lease[]>
  /** Gives back those that are still the member's. */
  release(member: string, leases: readonly Lease[]): Promise<void>
  /** Ends the membership, and gives back whatever is still the member's. */
  leave(member: string): Promise<void>
}

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/** The removal comes first for a reason: after a write that needs no memory Redis lets a script go on where it is full. */
const BEAT: Script = {
  name: 'beat',
  source: `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
return {
  redis.call('ZRANGE', KEYS[1], 0, -1),
  redis.call('ZRANGEBYSCORE', KEYS[1], now + ARGV[2] / 2, '+inf'),
  redis.call('HGETALL', KEYS[2])
}`,
}

/** Tokens begin with the time, so that they grow also where Redis has lost all it knew. */
const ACQUIRE: Script = {
  name: 'acquire',
  source: `${NOW}
local function isThere(member)
  return tonumber(redis.call('ZSCORE', KEYS[1], member) or 0) > now
end
local taken = {}
if not isThere(ARGV[1]) then return taken end
for i = 2, #ARGV do
  local lease = redis.call('HGET', KEYS[2], ARGV[i])
  if not lease or not isThere(string.match(lease, '^(.*) %d+$')) then
    redis.call('SET', KEYS[3], string.format('%.0f', now), 'NX')
    local token = string.format('%.0f', redis.call('INCR', KEYS[3]))
    redis.call('HSET', KEYS[2], ARGV[i], ARGV[1] .. ' ' .. token)
    taken[#taken + 1] = ARGV[i]
    taken[#taken + 1] = token
  end
end
return taken`,
}

const RELEASE: Script = {
  name: 'release',
  source: `
for i = 2, #ARGV, 2 do
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[1] .. ' ' .. ARGV[i + 1] then
    redis.call('HDEL', KEYS[2], ARGV[i])
  end
end`,
}

const LEAVE: Script = {
  name: 'leave',
  source: `
redis.call('ZREM', KEYS[1], ARGV[1])
local leases = redis.call('HGETALL', KEYS[2])
for i = 1, #leases, 2 do
  if string.match(leases[i + 1], '^(.*) %d+$') == ARGV[1] then redis.call('HDEL', KEYS[2], leases[i]) end
end`,
}

/** The members and leases of a group in Redis, by Redis's own clock, each change in one step. */
export class RedisClusterStore implements ClusterStore {
  readonly #redis: Pick<Redis, 'run'>
  readonly #keys: readonly string[]

  constructor(redis: Pick<Redis, 'run'>, {members, leases, fence}: GroupKeys) {
    this.#redis = redis
    this.#keys = [members, leases, fence]
  }

  async beat(member: string, ttlMs: number): Promise<GroupView> {
    const [members, lively, leases] = listOf(await this.#run(BEAT, member, ttlMs))
    return {
      members: listOf(members).map(String).sort(),
      lively: listOf(lively).map(String).sort(),
      leases: new Map(pairsOf(leases).map(holdingOf)),
    }
  }

  async acquire(member: string, names: readonly string[]): Promise<readonly Lease[]> {
    if (names.length === 0) return []
    const taken = await this.#run(ACQUIRE, member, ...names)
    return pairsOf(taken).map(([name, token]) => ({name, token: Number(token)}))
  }

  async release(member: string, leases: readonly Lease[]): Promise<void> {
    await this.#run(RELEASE, member, ...leases.flatMap(({name, token}) => [name, token]))
  }

  async leave(member: string): Promise<void> {
    await this.#run(LEAVE, member)
  }

  #run(script: Script, ...args: readonly (string | number)[]): Promise<RedisValue> {
    return this.#redis.run(script, this.#keys, args)
  }
}

function listOf(value: RedisValue | undefined): readonly RedisValue[] {
  return Array.isArray(value) ? value : []
}

/** A flat list of names and values. */
function pairsOf(value: RedisValue | undefined): (readonly [string, string])[] {
  const list = listOf(value).map(String)
  return list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1] ?? ''] as const] : []))
}

function holdingOf([name, text]: readonly [string, string]): [string, Holding] {
  const space = text.lastIndexOf(' ')
  return [name, {member: text.slice(0, space), token: Number(text.slice(space + 1))}]
}
