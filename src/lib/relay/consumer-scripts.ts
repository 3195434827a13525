import type {Script} from '../state/redis/script.js'

/** Ends a script whose caller has lost the lease. KEYS[3]: the leases; ARGV[1], ARGV[2]: the name of one and who holds it. */
const FENCE = `
if redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then return {'fenced'} end`

/**
 * Finds the consumer group of a stream, or makes it, and the identity of its deliveries, which is new where the group begins
 * anew and else stays. KEYS: stream, state. ARGV: group, where a group begins (\`$\` or \`0\`), an identity to use, and where
 * this group was when it was last seen, or nothing. A stream that was made again since then is read from its begin.
 */
export const OPEN: Script = {
  name: 'open',
  source: `
local function earlier(a, b)
  local ams, aseq = string.match(a, '(%d+)-(%d+)')
  local bms, bseq = string.match(b, '(%d+)-(%d+)')
  if ams == bms then ams, bms = aseq, bseq end
  if #ams ~= #bms then return #ams < #bms end
  return ams < bms
end
local function named(list)
  local values = {}
  for i = 1, #list, 2 do values[list[i]] = list[i + 1] end
  return values
end
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'none' and kind ~= 'stream' then return {'foreign'} end
local from, anew = ARGV[2], true
if kind == 'none' then from = '0' else
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    local values = named(group)
    if values['name'] == ARGV[1] then
      redis.call('HSETNX', KEYS[2], 'identity', ARGV[3])
      return {'ok', redis.call('HGET', KEYS[2], 'identity'), values['last-delivered-id']}
    end
  end
  if ARGV[4] ~= '' then
    anew = earlier(named(redis.call('XINFO', 'STREAM', KEYS[1]))['last-generated-id'], ARGV[4])
    from = anew and '0' or ARGV[4]
  end
end
redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], from, 'MKSTREAM')
if anew then redis.call('DEL', KEYS[2]) end
redis.call('HSETNX', KEYS[2], 'identity', ARGV[3])
local at = from
if from == '0' then at = '0-0' end
if from == '$' then at = named(redis.call('XINFO', 'STREAM', KEYS[1]))['last-generated-id'] end
return {'ok', redis.call('HGET', KEYS[2], 'identity'), at}`,
}

/**
 * Acknowledges one entry and gives the next: the oldest that anybody of the group was given and has not acknowledged, with
 * the time since then, else a new one. So at most one entry is under way, and a lease is all that is needed to take over what
 * another left. KEYS: stream, state, leases. ARGV: lease, holder, group, consumer, the id to acknowledge or nothing, the
 * field and the value to note with it, and whether another entry is wanted. The acknowledgement comes first: after a first
 * write Redis lets a script finish also where its memory is full.
 */
export const NEXT: Script = {
  name: 'next',
  source: `${FENCE}
local group = ARGV[3]
if ARGV[5] ~= '' then
  redis.call('XACK', KEYS[1], group, ARGV[5])
  if ARGV[6] ~= '' then redis.call('HSET', KEYS[2], ARGV[6], ARGV[7]) end
end
if ARGV[8] == '0' then return {'none', '', 0} end
local held = redis.pcall('XPENDING', KEYS[1], group, '-', '+', 1)
if held.err then
  if string.find(held.err, 'NOGROUP', 1, true) then return {'gone'} end
  return held
end
local id, idle, fields = '', -1, false
if #held > 0 then
  id, idle = held[1][1], held[1][3]
  local found = redis.call('XRANGE', KEYS[1], id, id)
  if #found > 0 then fields = found[1][2] end
else
  local read = redis.call('XREADGROUP', 'GROUP', group, ARGV[4], 'COUNT', 1, 'STREAMS', KEYS[1], '>')
  if read then
    id, fields = read[1][2][1][1], read[1][2][1][2]
  end
end
local last, waiting = '', 0
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local values = {}
  for i = 1, #info, 2 do values[info[i]] = info[i + 1] end
  if values['name'] == group then
    last = values['last-delivered-id']
    waiting = values['pending'] + (values['lag'] or 0)
  end
end
if id == '' then return {'none', last, waiting} end
return {'entry', last, waiting, id, idle, fields, fields and redis.sha1hex(table.concat(fields)) or ''}`,
}

/**
 * Writes an entry to the dead letters with all its bytes and why it is there, and acknowledges it: both or, where Redis is
 * full, neither; and once, however often it is called. KEYS: stream, dead letters, leases. ARGV: lease, holder, group, id,
 * name of the stream, reason, tries. Of an entry with more fields than Lua can hand over, one field has them all as JSON.
 */
export const BURY: Script = {
  name: 'bury',
  source: `${FENCE}
local held = redis.pcall('XPENDING', KEYS[1], ARGV[3], ARGV[4], ARGV[4], 1)
if held.err then
  if string.find(held.err, 'NOGROUP', 1, true) then return {'gone'} end
  return held
end
if #held == 0 then return {'ok'} end
local found = redis.call('XRANGE', KEYS[1], ARGV[4], ARGV[4])
local fields = #found > 0 and found[1][2] or {}
if #fields > 6000 then fields = {'veza_fields', cjson.encode(fields)} end
local told = {'veza_stream', ARGV[5], 'veza_entry_id', ARGV[4], 'veza_reason', ARGV[6], 'veza_tries', ARGV[7]}
for _, word in ipairs(told) do table.insert(fields, word) end
redis.call('XADD', KEYS[2], '*', unpack(fields))
redis.call('XACK', KEYS[1], ARGV[3], ARGV[4])
return {'ok'}`,
}
