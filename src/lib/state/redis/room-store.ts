import type {Redis} from './client.js'
import type {GroupKeys} from './group-keys.js'
import type {RedisValue, Script} from './script.js'

/** What of one room is to be written: all of it, or nothing. */
export interface RoomPart {
  /** The room as its lease names it. */
  readonly name: string
  /** The fencing token of the lease. */
  readonly token: number
  /** How many parts of the room were written before this one. */
  readonly seq: number
  /** Nothing up to this id is wanted any more. */
  readonly afterId: number
  /** Ids above it that are done: those of this part alone, or all of them. */
  readonly done: {readonly text: string; readonly isWhole: boolean}
  /** Of each entry how many words it has, then its fields: name and text by turns. */
  readonly words: readonly string[]
}

/**
 * What became of a part: `written`, now or by an earlier try whose answer was lost; `fenced`, the lease is not ours any
 * more; `rewound`, Redis has gone back to an earlier state. In the last two cases nothing was done.
 */
export type PartAnswer = 'written' | 'fenced' | 'rewound'

/** How far a room is in Redis. */
export interface StoredRoom {
  readonly seq: number
  readonly afterId: number
  /** Texts of ids that are done, with a `.` between them, in no order. */
  readonly done: string
}

/** The rooms of one stream in Redis: entries and how far each room is, written together. */
export interface RoomStore {
  /** Writes parts of different rooms, each only if the lease is still that of the member, in one step. */
  write(parts: readonly RoomPart[]): Promise<readonly PartAnswer[]>
  /** How far rooms are; undefined for those that were never written. */
  read(names: readonly string[]): Promise<readonly (StoredRoom | undefined)[]>
  /** Notes whose rooms these are, if nobody has yet; resolves to what is noted. */
  claim(owner: string): Promise<string>
}

/** What a store writes to, and as whom. */
export interface RoomStoreOptions {
  readonly redis: Pick<Redis, 'call' | 'run'>
  /** The key of the stream. */
  readonly stream: string
  /** Those of the group that shares the rooms. */
  readonly keys: GroupKeys
  readonly member: string
  /** About so many entries are kept; undefined: all. */
  readonly maxLen?: number | undefined
}

/**
 * Each part has the keys of its room behind the three common ones, and of arguments: its name, token, seq, seq + 1, afterId,
 * how and what is done, how many words follow, and these. The first thing that is written is the one that a full Redis
 * refuses, so that it refuses all.
 */
const WRITE: Script = {
  name: 'write rooms',
  source: `
local stream, leases, cursors = KEYS[1], KEYS[2], KEYS[3]
local member, maxLen = ARGV[1], ARGV[2]
local at, answers = 3, {}
for key = 4, #KEYS do
  local room, token, seq, nextSeq = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local afterId, isWhole, done = ARGV[at + 4], ARGV[at + 5] == '1', ARGV[at + 6]
  local word = at + 8
  at = word + tonumber(ARGV[at + 7])
  local answer = 'fenced'
  if redis.call('HGET', leases, room) == member .. ' ' .. token then
    local cursor = redis.call('HGET', cursors, room)
    local stored = cursor and string.match(cursor, '^%d+') or '0'
    answer = stored == nextSeq and 'written' or 'rewound'
    if stored == seq then
      answer = 'written'
      while word < at do
        local last = word + tonumber(ARGV[word])
        if maxLen == '' then redis.call('XADD', stream, '*', unpack(ARGV, word + 1, last))
        else redis.call('XADD', stream, 'MAXLEN', '~', maxLen, '*', unpack(ARGV, word + 1, last)) end
        word = last + 1
      end
      redis.call('HSET', cursors, room, nextSeq .. ' ' .. afterId)
      if not isWhole then redis.call('APPEND', KEYS[key], '.' .. done)
      elseif done == '' then redis.call('DEL', KEYS[key])
      else redis.call('SET', KEYS[key], done) end
    end
  end
  answers[#answers + 1] = answer
end
return answers`,
}

/** The field of the cursors that names whose they are; no room is called so. */
const OWNER = '@owner'

/** The store of one stream. Its calls fail as those of its Redis do. */
export function openRoomStore({redis, stream, keys, member, maxLen}: RoomStoreOptions): RoomStore {
  const cursors = keys.of('cursors')
  const common = [stream, keys.leases, cursors]
  const doneKey = (name: string): string => keys.of(`done:${name}`)
  return {
    write: async parts => {
      const all = [...common, ...parts.map(({name}) => doneKey(name))]
      return (await redis.run(WRITE, all, wordsOf(parts, member, maxLen))) as readonly PartAnswer[]
    },
    read: async names => {
      if (names.length === 0) return []
      const places = listOf(await redis.call(['HMGET', cursors, ...names]))
      const done = listOf(await redis.call(['MGET', ...names.map(doneKey)]))
      return names.map((_, at) => roomOf(places[at], done[at]))
    },
    claim: async owner => {
      await redis.call(['HSETNX', cursors, OWNER, owner])
      return String(await redis.call(['HGET', cursors, OWNER]))
    },
  }
}

function wordsOf(parts: readonly RoomPart[], member: string, maxLen: number | undefined): string[] {
  const words = [member, maxLen === undefined ? '' : String(maxLen)]
  for (const {name, token, seq, afterId, done, words: entries} of parts) {
    words.push(name, String(token), String(seq), String(seq + 1), String(afterId))
    words.push(done.isWhole ? '1' : '0', done.text, String(entries.length))
    for (const word of entries) words.push(word)
  }
  return words
}

function listOf(value: RedisValue): readonly RedisValue[] {
  return Array.isArray(value) ? value : []
}

function roomOf(place: RedisValue | undefined, done: RedisValue | undefined): StoredRoom | undefined {
  const [, seq, afterId] = /^(\d+) (\d+)$/.exec(String(place ?? '')) ?? []
  if (seq === undefined) return undefined
  return {seq: Number(seq), afterId: Number(afterId), done: String(done ?? '')}
}
