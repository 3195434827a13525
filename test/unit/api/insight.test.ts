import {describe, expect, test} from 'vitest'
import {type Api, createApi} from '../../../src/lib/api/index.js'
import {createHttpClient} from '../../../src/lib/http/client.js'
import {enveloped, failure, type Handler, httpStub, type SeenRequest} from '../../support/http-stub.js'

/** Runs one call against one answer: what came of it, and what the server saw. */
async function call<T>(
  handler: Handler,
  use: (api: Api) => Promise<T>,
): Promise<{result: T; seen: SeenRequest}> {
  await using stub = await httpStub(handler)
  const effects = {now: () => 0, random: () => 0, sleep: async () => {}}
  const http = createHttpClient({
    restBase: stub.restBase,
    userAgent: 'veza/1',
    agentFor: () => undefined,
    effects,
    retries: 0,
  })
  const result = await use(createApi(http))
  return {result, seen: stub.seen[0]!}
}

const resultOf = async <T>(handler: Handler, use: (api: Api) => Promise<T>) =>
  (await call(handler, use)).result

describe('statistics of a room', () => {
  const STATS = {
    message_count: 1,
    peak_activity: null,
    top_contributors: [{user_id: 3, username: 'bob', message_count: 1}],
    extra: {kept: true},
  }

  test('people have an id, whatever it is called; what is unknown is kept', async () => {
    const {result, seen} = await call(enveloped(STATS), api => api.rooms.stats(7, '4w'))
    expect(seen).toMatchObject({method: 'GET', path: '/api/v1/rooms/7/stats'})
    expect(seen.query.toString()).toBe('period=4w')
    expect(result).toEqual({...STATS, top_contributors: [{id: 3, username: 'bob', message_count: 1}]})
  })

  test('without a period the server chooses one', async () => {
    const {seen, result} = await call(enveloped({}), api => api.rooms.stats(7))
    expect(seen.query.toString()).toBe('')
    expect(result).toEqual({})
  })

  test.each([
    [null, 'stats should be an object, is nothing'],
    [{message_count: 'many'}, 'stats.message_count should be a number of 0 or more, is a string'],
    [{peak_activity: 5}, 'stats.peak_activity should be an object, is a number'],
    [{top_contributors: {}}, 'stats.top_contributors should be a list, is an object'],
    [{top_contributors: [{id: 'x'}]}, 'stats.top_contributors[0].id should be a positive integer'],
  ])('%j is not the protocol', async (data, problem) => {
    await expect(call(enveloped(data), api => api.rooms.stats(7))).rejects.toMatchObject({
      code: 'not_protocol',
      message: expect.stringContaining(problem),
    })
  })
})

describe('an audit log', () => {
  const ENTRY = {id: 5, action: 'member_removed', details: {role: 'member'}, user_id: 3, moderator_id: 1}

  test.each([
    ['reference', {logs: [ENTRY], total: 320}, {items: [ENTRY], has_more: false, total: 320}],
    ['guide', [ENTRY], {items: [ENTRY], has_more: false}],
    ['empty', {logs: null}, {items: [], has_more: false}],
  ])('of the %s', async (_name, data, page) => {
    const {result, seen} = await call(enveloped(data), api => api.rooms.audit(7, {action: 'a b', limit: 500}))
    expect(result).toEqual(page)
    expect(seen.path).toBe('/api/v1/rooms/7/audit')
    expect(Object.fromEntries(seen.query)).toEqual({limit: '100', action: 'a b'})
  })

  test('a full page means perhaps more', async () => {
    expect((await resultOf(enveloped([ENTRY]), api => api.rooms.audit(7, {limit: 1}))).has_more).toBe(true)
  })
})

describe('the server in numbers', () => {
  test('is any object', async () => {
    expect(await resultOf(enveloped({a: {b: [1]}}), api => api.admin.stats())).toEqual({a: {b: [1]}})
    await expect(call(enveloped([1]), api => api.admin.stats())).rejects.toMatchObject({code: 'not_protocol'})
  })

  test('is for admins', async () => {
    const denied = failure(403, 'PERMISSION_DENIED', 'no')
    await expect(call(denied, api => api.admin.stats())).rejects.toMatchObject({code: 'forbidden'})
  })
})

describe('webhooks', () => {
  const WEBHOOK = {id: 4, url: 'http://x/', events: ['message_sent'], room_id: null}

  test('are listed in both dialects, without the secrets that a server sends along', async () => {
    const sent = {...WEBHOOK, secret: 'hush'}
    for (const data of [[sent], {webhooks: [sent], total: 1}]) {
      expect(await resultOf(enveloped(data), api => api.webhooks.list())).toMatchObject({items: [WEBHOOK]})
      expect(JSON.stringify(await resultOf(enveloped(data), api => api.webhooks.list()))).not.toContain(
        'hush',
      )
    }
  })

  test('one is made', async () => {
    const wanted = {url: 'http://x/', events: ['message_sent'], secret: 's'}
    const {result, seen} = await call(enveloped({...WEBHOOK, secret: 's'}, 201), api =>
      api.webhooks.create(wanted),
    )
    expect(result).toEqual(WEBHOOK)
    expect(seen).toMatchObject({method: 'POST', path: '/api/v1/webhooks'})
    expect(seen.json()).toEqual(wanted)
    const {seen: ofRoom} = await call(enveloped(WEBHOOK), api => api.webhooks.create({...wanted, roomId: 7}))
    expect(ofRoom.json()).toEqual({...wanted, room_id: 7})
  })

  test.each([
    [
      'says how it went',
      enveloped({delivered: false, status_code: null}),
      {webhook_id: 4, delivered: false, status_code: null},
    ],
    ['repeats the id', enveloped({webhook_id: 4, delivered: true}), {webhook_id: 4, delivered: true}],
    ['says nothing', {status: 204}, {webhook_id: 4}],
    ['has null in its envelope', enveloped(null), {webhook_id: 4}],
  ])('a test that %s', async (_name, answer, test) => {
    const {result, seen} = await call(answer, api => api.webhooks.test(4))
    expect(result).toEqual(test)
    expect(seen).toMatchObject({method: 'POST', path: '/api/v1/webhooks/4/test'})
  })

  test('answers that are not the protocol', async () => {
    const codes = {code: 'not_protocol'}
    await expect(call(enveloped([{id: 1}]), api => api.webhooks.list())).rejects.toMatchObject(codes)
    const wrong = enveloped([{...WEBHOOK, events: [1]}])
    await expect(call(wrong, api => api.webhooks.list())).rejects.toMatchObject(codes)
    await expect(call(enveloped('ok'), api => api.webhooks.test(4))).rejects.toMatchObject(codes)
  })
})
