import {afterAll, beforeAll, expect, test} from 'vitest'
import {isFull} from '../../../src/lib/state/redis/errors.js'
import {groupKeys} from '../../../src/lib/state/redis/group-keys.js'
import {openRedis} from '../../../src/lib/state/redis/index.js'
import {openRoomStore, type RoomPart} from '../../../src/lib/state/redis/room-store.js'
import {type Redis, startRedis} from '../../support/redis.js'

let redis: Redis
let client: Awaited<ReturnType<typeof openRedis>>
let streams = 0

beforeAll(async () => {
  redis = await startRedis()
  client = await openRedis({url: redis.url})
})
afterAll(async () => {
  await client.close()
  await redis.kill()
})

/** A stream of its own, of which `me` has room 1 by token 7. */
async function open(maxLen?: number) {
  streams += 1
  const stream = `chat-${streams}`
  const keys = groupKeys(stream, 'veza-rooms')
  await client.call(['HSET', keys.leases, 'room:1', 'me 7', 'room:2', 'other 8'])
  const store = openRoomStore({redis: client, stream, keys, member: 'me', maxLen})
  const entries = async () => (await client.call(['XRANGE', stream, '-', '+'])) as [string, string[]][]
  return {store, stream, keys, fields: async () => (await entries()).map(([, fields]) => fields)}
}

const part = (more: Partial<RoomPart> = {}): RoomPart => ({
  name: 'room:1',
  token: 7,
  seq: 0,
  afterId: 10,
  done: {text: 'L', isWhole: false},
  words: ['4', 'id', '11', 'content', 'a\u0000\r\n"☂', '2', 'id', '12'],
  ...more,
})

test('entries, how far the room is and what is done, in one step', async () => {
  const {store, fields} = await open()
  expect(await store.read(['room:1', 'room:2'])).toEqual([undefined, undefined])
  expect(await store.write([part()])).toEqual(['written'])
  expect(await fields()).toEqual([
    ['id', '11', 'content', 'a\u0000\r\n"☂'],
    ['id', '12'],
  ])
  expect(await store.read(['room:1', 'room:2'])).toEqual([{seq: 1, afterId: 10, done: '.L'}, undefined])
  await store.write([part({seq: 1, done: {text: 'N', isWhole: false}})])
  expect(await store.read(['room:1'])).toEqual([{seq: 2, afterId: 10, done: '.L.N'}])
  await store.write([part({seq: 2, afterId: 12, done: {text: 'Z', isWhole: true}, words: []})])
  expect(await store.read(['room:1'])).toEqual([{seq: 3, afterId: 12, done: 'Z'}])
  await store.write([part({seq: 3, afterId: 20, done: {text: '', isWhole: true}, words: []})])
  expect(await store.read(['room:1'])).toEqual([{seq: 4, afterId: 20, done: ''}])
})

test('the same part again changes nothing and is written; one that Redis cannot follow is refused', async () => {
  const {store, fields} = await open()
  await store.write([part()])
  expect(await store.write([part()])).toEqual(['written'])
  expect(await fields()).toHaveLength(2)
  expect(await store.write([part({seq: 2})])).toEqual(['rewound'])
  await store.write([part({seq: 1})])
  expect(await store.write([part()])).toEqual(['rewound'])
  expect(await fields()).toHaveLength(4)
})

test('nothing is written without the lease, whoever has it by now, and the other parts are', async () => {
  const {store, keys, fields} = await open()
  const others = [part({name: 'room:2', token: 8}), part({name: 'room:3'}), part({token: 6}), part()]
  expect(await store.write(others)).toEqual(['fenced', 'fenced', 'fenced', 'written'])
  expect(await fields()).toHaveLength(2)
  await client.call(['HSET', keys.leases, 'room:1', 'other 9'])
  expect(await store.write([part({seq: 1})])).toEqual(['fenced'])
  expect(await fields()).toHaveLength(2)
})

test('as many entries and fields as a part may have', async () => {
  const {store, fields} = await open()
  const large = Array.from({length: 1_002}, (_, at) => `word ${at}`)
  const words = Array.from({length: 500}, () => [String(large.length), ...large]).flat()
  expect(await store.write([part({words})])).toEqual(['written'])
  expect(await fields()).toHaveLength(500)
})

test('the stream is trimmed about where it was asked for', async () => {
  const {store, stream} = await open(100)
  const words = Array.from({length: 500}, () => ['2', 'id', '1']).flat()
  for (let seq = 0; seq < 4; seq += 1) await store.write([part({seq, words})])
  const length = Number(await client.call(['XLEN', stream]))
  expect(length).toBeGreaterThanOrEqual(100)
  expect(length).toBeLessThan(500)
})

test('a full Redis does nothing at all, and takes the same part later', async () => {
  const {store, fields} = await open()
  await redis.fill(true)
  const checkpoint = part({words: [], done: {text: '', isWhole: true}})
  try {
    for (const one of [part(), checkpoint])
      expect(await store.write([one]).catch((error: unknown) => error)).toSatisfy(isFull)
    expect(await store.read(['room:1'])).toEqual([undefined])
  } finally {
    await redis.fill(false)
  }
  expect(await store.write([part()])).toEqual(['written'])
  expect(await fields()).toHaveLength(2)
})

test('the first owner stays', async () => {
  const {store} = await open()
  expect(await store.claim('http://one')).toBe('http://one')
  expect(await store.claim('http://two')).toBe('http://one')
})
