import {expect, test} from 'vitest'
import {recordsOf, signIn} from '../../support/chat.js'
import {stop, told, useStreams} from './stream-kit.js'

const LIMIT_MS = 40_000
const world = useStreams()

test(
  'the server is away: the stream is held, nothing is a dead letter, the order stays',
  async () => {
    const relay = world.relay()
    await relay.sees('stderr', 'ready: ')
    world.sandbox.faults.arm({kind: 'reset_before', count: 10_000})
    for (const content of ['one', 'two', 'three']) await world.add({content})
    await relay.sees('stderr', /jobs \d+-0: .*: trying again in \d+\.\d s\n/)
    world.sandbox.faults.clear()
    await told(relay, 3)
    const run = await stop(relay)
    expect(recordsOf(run).map(({result}) => result)).toEqual(['sent', 'sent', 'sent'])
    expect(await world.contents()).toEqual(['one', 'two', 'three'])
    expect(await world.reasons()).toEqual([])
  },
  LIMIT_MS,
)

test(
  'the server limits the rate: the stream waits',
  async () => {
    const relay = world.relay()
    await relay.sees('stderr', 'ready: ')
    world.sandbox.faults.arm({
      kind: 'rate_limit',
      method: 'POST',
      path: '/rooms/',
      durationMs: 1000,
      count: 6,
    })
    await world.add({content: 'one'})
    await world.add({content: 'two'})
    await told(relay, 2)
    await stop(relay)
    expect(await world.contents()).toEqual(['one', 'two'])
    expect(await world.reasons()).toEqual([])
  },
  LIMIT_MS,
)

test(
  'answers are lost: each message is there once all the same',
  async () => {
    const relay = world.relay()
    await relay.sees('stderr', 'ready: ')
    for (const kind of ['reset_after', 'error_after', 'truncate', 'reset_before', 'html'] as const)
      world.sandbox.faults.arm({kind, method: 'POST', path: '/rooms/', ratio: 0.2})
    const contents = Array.from({length: 10}, (_, nth) => `${nth % 3}`)
    for (const content of contents) await world.add({content})
    await told(relay, 10)
    await stop(relay)
    expect(await world.contents()).toEqual(contents)
    expect(await world.pending()).toBe(0)
  },
  LIMIT_MS,
)

test('a room is deleted while entries for it wait: they are dead letters, the others go on', async () => {
  const relay = world.relay()
  await relay.sees('stderr', 'ready: ')
  const {id} = (await world.request('POST', '/rooms', {name: `gone-${Math.random()}`})) as {id: number}
  await world.add({content: 'one', room_id: id})
  await told(relay, 1)
  await world.request('DELETE', `/rooms/${id}`)
  await world.add({content: 'two', room_id: id})
  await world.add({content: 'x'.repeat(3000)})
  await world.add({content: 'three'})
  await told(relay, 4)
  const records = recordsOf(await stop(relay))
  expect(records.map(({result, room_id}) => [result, room_id])).toEqual([
    ['sent', id],
    ['dead', id],
    ['dead', world.roomId],
    ['sent', world.roomId],
  ])
  expect(await world.reasons()).toEqual([records[1]!.reason, records[2]!.reason])
  expect(records[2]!.reason).toMatch(/2,?000/)
})

test('entries that nobody has thought of: each has its reason, the good ones among them are sent', async () => {
  const relay = world.relay()
  await relay.sees('stderr', 'ready: ')
  const script = `
    for i = 1, 3 do
      redis.call('XADD', 'jobs', '*', '\\255\\0', '\\254', 'content', '\\255\\254', 'room_id', ARGV[1])
      redis.call('XADD', 'jobs', '*', 'room_id', ARGV[1], 'content', 'good ' .. i, 'x', '\\0\\27[31m')
      redis.call('XADD', 'jobs', '*', '__proto__', '{}', 'room_id', '1e3', 'content', string.rep('y', 2000000))
    end`
  await world.redis.command('EVAL', script, '0', String(world.roomId))
  await told(relay, 9)
  await stop(relay)
  expect(await world.contents()).toEqual(['good 1', 'good 2', 'good 3'])
  const reasons = ['it is no UTF-8', 'the text is longer than 1 MiB']
  expect(await world.reasons()).toEqual([...reasons, ...reasons, ...reasons])
})

test('what was trimmed away before it was sent is told, not forgotten', async () => {
  const relay = world.relay()
  await relay.sees('stderr', 'ready: ')
  world.sandbox.faults.arm({kind: 'html', method: 'POST', path: '/rooms/', count: 10_000})
  const id = await world.add({content: 'lost'})
  await relay.sees('stderr', 'trying again in')
  await world.add({content: 'kept'})
  await world.redis.command('XTRIM', 'jobs', 'MAXLEN', '1')
  world.sandbox.faults.clear()
  await told(relay, 2)
  const records = recordsOf(await stop(relay))
  expect(records[0]).toMatchObject({entry_id: id, result: 'dead', reason: expect.stringContaining('trimmed')})
  expect(await world.contents()).toEqual(['kept'])
})

test(
  'nobody is signed in any more: it ends with 4, and the entry waits for the next run',
  async () => {
    const token = await signIn(world.sandbox.url, 'alice')
    const relay = world.relay([], {env: {VEZA_PASSWORD: '', VEZA_USERNAME: '', VEZA_TOKEN: token}})
    await relay.sees('stderr', 'ready: ')
    world.sandbox.faults.arm({kind: 'expire'})
    await world.add({content: 'one'})
    const run = await relay.ended
    expect(run.code).toBe(4)
    expect(run.stderr).toContain('"code":"signed_out"')
    expect(run.stderr).toMatch(/\nended: .*; 0 messages sent; /)
    const next = world.relay()
    await told(next, 1)
    expect(recordsOf(await stop(next)).map(({result}) => result)).toEqual(['sent'])
  },
  LIMIT_MS,
)
