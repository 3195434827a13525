import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Message, Room} from '../../../src/contract/resources.js'
import {createMessagesApi} from '../../../src/lib/api/messages.js'
import {createRoomsApi} from '../../../src/lib/api/rooms.js'
import {createHttpClient} from '../../../src/lib/http/client.js'
import type {HttpClient, HttpRequest} from '../../../src/lib/http/types.js'
import {enveloped, httpStub} from '../../support/http-stub.js'

/** A client whose answers are made up, with the requests it got. */
function fake(answer: (query: Record<string, unknown>) => unknown): {
  http: HttpClient
  requests: HttpRequest[]
} {
  const requests: HttpRequest[] = []
  const request = async (r: HttpRequest) => {
    requests.push(r)
    return {status: 200, headers: {}, data: answer(r.query ?? {})}
  }
  const download = () => Promise.reject(new Error('no download was expected'))
  return {http: {request, download}, requests}
}

async function collect<T>(items: AsyncIterable<T>, most = 10_000): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) {
    all.push(item)
    if (all.length > most) throw new Error('endless')
  }
  return all
}

const message = (id: number): Message => ({id, content: ''})

/** A server's page of messages: those before `before_id`, newest first, or as `order` has it. */
function pageOf(ids: readonly number[], query: Record<string, unknown>): Message[] {
  const before = Number(query.before_id ?? Number.POSITIVE_INFINITY)
  const newest = ids.filter(id => id < before).sort((a, b) => b - a)
  return newest.slice(0, Number(query.limit)).map(message)
}

describe('history', () => {
  test('brings each message once, newest first, in either dialect and order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({min: 1, max: 500}), {maxLength: 60}),
        fc.integer({min: 1, max: 20}),
        fc.boolean(),
        fc.boolean(),
        async (ids, pageSize, reference, reverse) => {
          const {http} = fake(query => {
            const page = pageOf(ids, query)
            const has_more = page.length > 0 && page.at(-1)!.id > Math.min(...ids)
            const messages = reverse ? page.toReversed() : page
            return reference ? {messages, has_more} : messages
          })
          const all = await collect(createMessagesApi(http).history(1, {pageSize}))
          expect(all.map(({id}) => id)).toEqual([...ids].sort((a, b) => b - a))
        },
      ),
    )
  })

  test('ends where a server repeats the same page', async () => {
    const {http, requests} = fake(() => ({messages: [3, 2, 1].map(message), has_more: true}))
    expect(await collect(createMessagesApi(http).history(1))).toHaveLength(3)
    expect(requests).toHaveLength(2)
  })

  test('begins before an id, and asks for no more than is read', async () => {
    const {http, requests} = fake(query => pageOf([1, 2, 3, 4, 5], query))
    for await (const first of createMessagesApi(http).history(1, {beforeId: 4, pageSize: 2})) {
      expect(first.id).toBe(3)
      break
    }
    expect(requests.map(({query}) => query)).toEqual([{limit: 2, before_id: 4, after_id: undefined}])
  })
})

const room = (id: number, name = `room ${id}`): Room => ({id, name})
const ROOMS = Array.from({length: 250}, (_, i) => room(i + 1))

/** A server of rooms: pages by offset, and may ignore the search. */
function roomServer(rooms: readonly Room[], search: (room: Room, text: string) => boolean = () => true) {
  return fake(query => {
    const found = rooms.filter(r => search(r, String(query.search ?? '')))
    const start = Number(query.offset ?? 0)
    return found.slice(start, start + Number(query.limit))
  })
}

describe('all rooms', () => {
  test('come page by page', async () => {
    const {http, requests} = roomServer(ROOMS)
    const all = createRoomsApi(http).all({filter: 'joined', search: 'x'})
    expect((await collect(all)).map(({id}) => id)).toEqual(ROOMS.map(({id}) => id))
    expect(requests.map(({query}) => query)).toEqual(
      [0, 100, 200].map(offset => ({limit: 100, offset, filter: 'joined', search: 'x'})),
    )
  })

  test('end where a server ignores the offset', async () => {
    const {http, requests} = fake(() => ({rooms: ROOMS.slice(0, 100), has_more: true}))
    expect(await collect(createRoomsApi(http).all())).toHaveLength(100)
    expect(requests).toHaveLength(2)
  })
})

describe('a room by name', () => {
  const includes = (r: Room, text: string) => r.name.includes(text)

  test('by the search of the server: one request', async () => {
    const {http, requests} = roomServer([...ROOMS, room(900, 'general')], includes)
    expect((await createRoomsApi(http).find('general')).id).toBe(900)
    expect(requests).toHaveLength(1)
  })

  test('where the server ignores the search, on its third page', async () => {
    const {http, requests} = roomServer([...ROOMS, room(900, 'general')])
    expect((await createRoomsApi(http).find('general')).id).toBe(900)
    expect(requests).toHaveLength(3)
  })

  test('the exact one before one that differs in case', async () => {
    const {http} = roomServer([room(1, 'General'), room(2, 'general')])
    expect((await createRoomsApi(http).find('general')).id).toBe(2)
  })

  test('the only one that differs in case, also where the search minds it', async () => {
    for (const search of [includes, undefined]) {
      const {http} = roomServer([room(1, 'General'), room(2, 'x')], search)
      expect((await createRoomsApi(http).find('gENERAL')).id).toBe(1)
    }
  })

  test.each([
    ['General', 'GENERAL'],
    ['general', 'general'],
  ])('several are listed with their ids: %s, %s', async (first, second) => {
    const {http} = roomServer([room(1, first), room(2, second)])
    await expect(createRoomsApi(http).find('general')).rejects.toMatchObject({
      code: 'usage',
      message: `several rooms are called "general": "${first}" (1), "${second}" (2)`,
    })
  })

  test('none, with the nearest names, made fit for a terminal', async () => {
    const {http} = roomServer([room(1, 'general\u001b'), room(2, 'random'), room(3, 'genera')], includes)
    await expect(createRoomsApi(http).find('generale')).rejects.toMatchObject({
      code: 'not_found',
      message: 'there is no room "generale"',
      hint: 'did you mean "general" or "genera"?',
    })
    await expect(createRoomsApi(http).find('zzzzzzzz')).rejects.toMatchObject({hint: 'see `veza rooms list`'})
  })
})

test('creating and getting a room', async () => {
  await using stub = await httpStub(enveloped(room(5), 201), enveloped(room(6)), enveloped(room(7)))
  const rooms = createRoomsApi(
    createHttpClient({restBase: stub.restBase, agentFor: () => undefined, userAgent: 'x'}),
  )
  await rooms.create({name: 'a'})
  await rooms.create({name: 'b', description: '', isPublic: false, maxMembers: 9})
  expect(await rooms.get(7)).toEqual(room(7))
  expect(stub.seen.slice(0, 2).map(seen => seen.json())).toEqual([
    {name: 'a'},
    {name: 'b', description: '', is_public: false, max_members: 9},
  ])
  expect(stub.seen[2]).toMatchObject({method: 'GET', path: '/api/v1/rooms/7'})
})
