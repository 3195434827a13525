import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {type Next, type StreamEntry, StreamReader} from '../../../src/lib/relay/from-stream.js'
import {type Redis as Client, openRedis} from '../../../src/lib/state/redis/client.js'
import {isFull} from '../../../src/lib/state/redis/errors.js'
import {type Redis, startRedis} from '../../support/redis.js'

let redis: Redis
let client: Client

beforeAll(async () => {
  redis = await startRedis()
  client = await openRedis({url: redis.url})
})

afterAll(async () => {
  await client.close()
  await redis.kill()
})

beforeEach(async () => {
  await client.call(['FLUSHALL'])
})

function reader(consumer: string): StreamReader {
  return new StreamReader(client, {
    stream: 's',
    group: 'g',
    consumer,
    deadLetters: 's:dead',
    stateKey: 'state',
    leasesKey: 'leases',
    lease: 's',
  })
}

async function lease(consumer: string, token: number): Promise<void> {
  await client.call(['HSET', 'leases', 's', `${consumer} ${token}`])
}

const add = (...words: string[]) => client.call(['XADD', 's', ...words])

/** A reader of the whole stream, with the lease 1. */
async function opened(consumer = 'a'): Promise<StreamReader> {
  const made = reader(consumer)
  await made.open('begin', `identity of ${consumer}`)
  await lease(consumer, 1)
  return made
}

function entryOf(next: Next): StreamEntry {
  if (next.kind !== 'entry') throw new Error(`no entry: ${next.kind}`)
  return next.entry
}

const done = (id: string, messageId = 9) => ({id, roomId: 5, messageId})
const pending = async () => ((await client.call(['XPENDING', 's', 'g'])) as unknown[])[0]

describe('entries one after the other', () => {
  test('each once, in their order, and the one under way again until it is acknowledged', async () => {
    await add('1-1', 'content', 'one', 'room_id', '5')
    await add('2-1', 'content', 'two')
    const a = await opened()
    const first = await a.next(1)
    expect(first).toMatchObject({kind: 'entry', waiting: 2})
    expect(entryOf(first)).toMatchObject({
      id: '1-1',
      heldMs: undefined,
      fields: [
        ['content', 'one'],
        ['room_id', '5'],
      ],
    })
    const again = entryOf(await a.next(1))
    expect(again.id).toBe('1-1')
    expect(again.heldMs).toBeGreaterThanOrEqual(0)
    const second = entryOf(await a.next(1, done('1-1')))
    expect([second.id, second.heldMs]).toEqual(['2-1', undefined])
    expect(await a.next(1, done('2-1'))).toEqual({kind: 'none', lastId: '2-1', waiting: 0})
  })

  test('finish acknowledges and takes nothing', async () => {
    await add('1-1', 'content', 'one')
    await add('2-1', 'content', 'two')
    const a = await opened()
    await a.next(1)
    expect(await a.finish(1, done('1-1', 77))).toBe(true)
    expect(await pending()).toBe(0)
    expect(await a.lastMessageId(5)).toBe(77)
    expect(await a.lastMessageId(6)).toBe(0)
    expect(entryOf(await a.next(1)).id).toBe('2-1')
  })

  test('bytes that are no text are told, whatever they look like', async () => {
    await client.call(['EVAL', "redis.call('XADD', 's', '1-1', 'content', 'a\\240\\159\\152')", 0])
    await add('2-1', 'content', 'a\ufffd')
    const a = await opened()
    const [binary, text] = [await a.next(1), await a.next(1, done('1-1'))].map(entryOf)
    expect(binary!.fields).toEqual(text!.fields)
    expect([binary!.isText(), text!.isText()]).toEqual([false, true])
  })
})

describe('two members', () => {
  test('who has no lease gets nothing, changes nothing and buries nothing', async () => {
    await add('1-1', 'content', 'one')
    const a = await opened('a')
    const b = reader('b')
    await b.open('begin', 'other')
    await a.next(1)
    await lease('b', 2)
    expect(await a.next(1, done('1-1'))).toEqual({kind: 'fenced'})
    expect(await a.finish(1, done('1-1'))).toBe(false)
    expect(await a.bury(1, '1-1', 'why', 0)).toBe('fenced')
    expect(await pending()).toBe(1)
    expect(await client.call(['EXISTS', 's:dead'])).toBe(0)
    expect(b.identity).toBe(a.identity)
  })

  test('what the other had in hand comes first, with the time since, then what is new', async () => {
    await add('1-1', 'content', 'one')
    await add('2-1', 'content', 'two')
    await (await opened('a')).next(1)
    const b = reader('b')
    await b.open('begin', 'other')
    await lease('b', 2)
    const first = entryOf(await b.next(2))
    expect(first.id).toBe('1-1')
    expect(first.heldMs).toBeGreaterThanOrEqual(0)
    expect(entryOf(await b.next(2, done('1-1'))).id).toBe('2-1')
  })

  test('the same member with an older lease is another one', async () => {
    const a = await opened()
    await lease('a', 2)
    expect(await a.next(1)).toEqual({kind: 'fenced'})
    expect(await a.next(2)).toMatchObject({kind: 'none'})
  })
})

describe('dead letters', () => {
  test('have all fields and the reason; the entry is acknowledged; twice is once', async () => {
    await client.call(['EVAL', "redis.call('XADD', 's', '1-1', 'k', '\\0\\255', 'k', '')", 0])
    const a = await opened()
    await a.next(1)
    expect(await a.bury(1, '1-1', 'there is no text', 3)).toBe('ok')
    expect(await a.bury(1, '1-1', 'there is no text', 3)).toBe('ok')
    const letters = (await client.call(['XRANGE', 's:dead', '-', '+'])) as [string, string[]][]
    expect(letters).toHaveLength(1)
    const told = ['veza_stream', 's', 'veza_entry_id', '1-1', 'veza_reason', 'there is no text', 'veza_tries']
    expect(letters[0]![1]).toEqual(['k', '\0\ufffd', 'k', '', ...told, '3'])
    const exact = "return redis.call('XRANGE', 's:dead', '-', '+')[1][2][2] == '\\0\\255' and 1 or 0"
    expect(await client.call(['EVAL', exact, 0])).toBe(1)
    expect(await pending()).toBe(0)
  })

  test('an entry of very many fields, and one that was trimmed away', async () => {
    const many = Array.from({length: 8000}, (_, nth) => `${nth}`)
    await add('1-1', ...many)
    await add('2-1', 'content', 'lost')
    const a = await opened()
    await a.next(1)
    await a.bury(1, '1-1', 'there is no text', 0)
    await a.next(1)
    await client.call(['XDEL', 's', '2-1'])
    expect(entryOf(await a.next(1))).toMatchObject({id: '2-1', fields: undefined})
    await a.bury(1, '2-1', 'trimmed', 0)
    const letters = (await client.call(['XRANGE', 's:dead', '-', '+'])) as [string, string[]][]
    expect(JSON.parse(letters[0]![1][1]!)).toEqual(many)
    expect(letters[1]![1].slice(2)).toEqual([
      'veza_entry_id',
      '2-1',
      'veza_reason',
      'trimmed',
      'veza_tries',
      '0',
    ])
    expect(await pending()).toBe(0)
  })

  test('of a full Redis: nothing is buried, what is sent is acknowledged, and reading goes on', async () => {
    await add('1-1', 'content', 'one')
    await add('2-1', 'content', 'two')
    const a = await opened()
    await a.next(1)
    await redis.fill(true)
    try {
      const refused = await a.bury(1, '1-1', 'why', 0).catch((error: unknown) => error)
      expect(isFull(refused)).toBe(true)
      expect(await pending()).toBe(1)
      expect(entryOf(await a.next(1, done('1-1', 33))).id).toBe('2-1')
      expect(await a.lastMessageId(5)).toBe(33)
    } finally {
      await redis.fill(false)
    }
    expect(await client.call(['EXISTS', 's:dead'])).toBe(0)
  })
})

describe('the group', () => {
  test('begins at the end of what is there, or at its begin; a second time it stays where it is', async () => {
    await add('1-1', 'content', 'old')
    const a = reader('a')
    await a.open('end', 'x')
    await lease('a', 1)
    expect(await a.next(1)).toMatchObject({kind: 'none', lastId: '1-1'})
    await add('2-1', 'content', 'new')
    expect(entryOf(await a.next(1)).id).toBe('2-1')
    await reader('b').open('begin', 'y')
    expect(await a.next(1, done('2-1'))).toMatchObject({kind: 'none'})
  })

  test('its identity outlives readers, but not the group', async () => {
    const a = await opened('a')
    const b = await opened('b')
    expect([a.identity, b.identity]).toEqual(['identity of a', 'identity of a'])
    await client.call(['XGROUP', 'DESTROY', 's', 'g'])
    expect((await opened('c')).identity).toBe('identity of c')
  })

  test('a stream that is deleted while it is read, and made again, is read from its begin', async () => {
    await add('5-1', 'content', 'old')
    const a = await opened()
    await a.next(1)
    await a.next(1, done('5-1'))
    await client.call(['DEL', 's'])
    expect(await a.next(1)).toEqual({kind: 'gone'})
    expect(await a.bury(1, '5-1', 'why', 0)).toBe('gone')
    await add('1-1', 'content', 'new')
    await a.open('end', 'after')
    expect(a.identity).toBe('after')
    expect(entryOf(await a.next(1)).id).toBe('1-1')
  })

  test.each(['acknowledged', 'buried'])(
    'one that was destroyed while it was used goes on behind what was %s',
    async how => {
      for (const id of ['1-1', '2-1', '10-1']) await add(id, 'content', id)
      const a = await opened()
      await a.next(1)
      if (how === 'buried') await a.bury(1, '1-1', 'why', 0)
      expect(entryOf(await a.next(1, how === 'buried' ? undefined : done('1-1'))).id).toBe('2-1')
      await client.call(['XGROUP', 'DESTROY', 's', 'g'])
      expect(await a.next(1)).toEqual({kind: 'gone'})
      await a.open('end', 'after')
      expect(a.identity).toBe('identity of a')
      expect(entryOf(await a.next(1)).id).toBe('2-1')
      expect(entryOf(await a.next(1, done('2-1'))).id).toBe('10-1')
    },
  )

  test('a key that is no stream is refused', async () => {
    await client.call(['SET', 's', 'text'])
    await expect(reader('a').open('end', 'x')).rejects.toMatchObject({code: 'usage'})
  })
})
