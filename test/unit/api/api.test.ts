import {Readable} from 'node:stream'
import {describe, expect, test} from 'vitest'
import {type Api, createApi} from '../../../src/lib/api/index.js'
import {createHttpClient} from '../../../src/lib/http/client.js'
import {
  enveloped,
  failure,
  type Handler,
  type HttpStub,
  httpStub,
  type SeenRequest,
} from '../../support/http-stub.js'

function apiOf(stub: HttpStub, retries = 0): Api {
  const effects = {now: () => 0, random: () => 0, sleep: async () => {}}
  const tokens = {headers: async () => ({authorization: 'Bearer x'}), renew: async () => false}
  const agentFor = () => undefined
  return createApi(
    createHttpClient({restBase: stub.restBase, userAgent: 'veza/1', agentFor, effects, tokens, retries}),
  )
}

/** Runs one call against one answer: what came of it, and what the server saw. */
async function call<T>(
  handler: Handler,
  use: (api: Api) => Promise<T>,
): Promise<{result: T; seen: SeenRequest}> {
  await using stub = await httpStub(handler)
  const result = await use(apiOf(stub))
  return {result, seen: stub.seen[0]!}
}

const grant = {access_token: 'a', refresh_token: 'r', expires_in: 900, user: {id: 7, username: 'bob'}}

describe('auth', () => {
  test.each([{body: grant}, enveloped(grant)])(
    'login reads a bare answer and one in the envelope: %#',
    async answer => {
      const {result, seen} = await call(answer, api => api.auth.login({username: 'bob', password: 'pw'}))
      expect(result).toEqual(grant)
      expect(seen).toMatchObject({
        method: 'POST',
        path: '/api/v1/auth/login',
        text: '{"username":"bob","password":"pw"}',
      })
      expect(seen.headers).not.toHaveProperty('authorization')
    },
  )

  test('login with a second factor, and refused', async () => {
    const input = {username: 'bob', password: 'hunter2', totpCode: '123456'}
    const {seen} = await call(enveloped(grant), api => api.auth.login(input))
    expect(seen.json()).toEqual({username: 'bob', password: 'hunter2', totp_code: '123456'})
    const refused = call(failure(401, 'INVALID_CREDENTIALS', 'wrong'), api => api.auth.login(input))
    await expect(refused).rejects.toMatchObject({
      code: 'signed_out',
      message: 'wrong (HTTP 401)',
      serverCode: 'INVALID_CREDENTIALS',
      hint: expect.stringContaining('password'),
    })
    await expect(call({status: 403}, api => api.auth.login(input))).rejects.toMatchObject({code: 'forbidden'})
  })

  test('refresh is anonymous, and never repeated: the token is good once', async () => {
    const {result, seen} = await call({body: {access_token: 'b'}}, api => api.auth.refresh('r'))
    expect(result).toEqual({access_token: 'b'})
    expect(seen).toMatchObject({path: '/api/v1/auth/refresh', text: '{"refresh_token":"r"}'})
    expect(seen.headers).not.toHaveProperty('authorization')
    await using stub = await httpStub({status: 503})
    await expect(apiOf(stub, 3).auth.refresh('r')).rejects.toMatchObject({code: 'server_error'})
    expect(stub.count()).toBe(1)
  })

  test.each([200, 204])('logout, answered with %i', async status => {
    const {seen} = await call({status}, api => api.auth.logout())
    expect(seen).toMatchObject({
      method: 'POST',
      path: '/api/v1/auth/logout',
      headers: {authorization: 'Bearer x'},
    })
  })
})

describe('messages', () => {
  test('of a room, newest first, whatever the order and the dialect', async () => {
    const use = (api: Api) => api.messages.list(15, {limit: 500, beforeId: 9, afterId: 1})
    const rows = [3, 5, 4].map(id => ({id, content: `m${id}`}))
    const {result, seen} = await call(enveloped(rows), use)
    expect(result).toEqual({items: [rows[1], rows[2], rows[0]], has_more: false})
    expect(seen.path).toBe('/api/v1/rooms/15/messages')
    expect(seen.query.toString()).toBe('limit=100&before_id=9&after_id=1')
    const other = await call(enveloped({messages: rows, has_more: true, total_count: 8}), use)
    expect(other.result).toMatchObject({has_more: true, total: 8})
  })

  test('sent with what G writes, and no more than given', async () => {
    const answer = enveloped({id: 9, content: 'hi', parent_message_id: 3}, 201)
    const plain = await call(answer, api => api.messages.send(15, {content: 'hi'}))
    expect(plain.result).toEqual({id: 9, content: 'hi', parent_id: 3})
    expect(plain.seen).toMatchObject({
      method: 'POST',
      path: '/api/v1/rooms/15/messages',
      text: '{"content":"hi"}',
    })
    const message = {content: 'hi', parentId: 3, metadata: {client_id: 'c'}}
    const full = await call(answer, api => api.messages.send(15, message))
    expect(full.seen.json()).toEqual({content: 'hi', parent_id: 3, metadata: {client_id: 'c'}})
  })

  test('are sent again after a doubtful failure only on demand', async () => {
    for (const [repeatable, tries] of [
      [false, 1],
      [true, 3],
    ] as const) {
      await using stub = await httpStub({status: 502})
      await expect(apiOf(stub, 2).messages.send(1, {content: '', repeatable})).rejects.toMatchObject({
        status: 502,
      })
      expect(stub.count()).toBe(tries)
    }
  })
})

describe('direct messages', () => {
  test('conversations', async () => {
    const conversations = [{id: 3, other_user: {user_id: 7, username: 'bob'}}]
    const {result, seen} = await call(enveloped({conversations, total: 1}), api =>
      api.dms.list({includeLastMessage: true}),
    )
    expect(result.items).toEqual([{conversation_id: 3, other_user: {id: 7, username: 'bob'}}])
    expect(`${seen.path}?${seen.query}`).toBe('/api/v1/conversations?limit=50&include_last_message=true')
  })

  test('open, read, send', async () => {
    const opened = await call(enveloped({conversation_id: 3}), api => api.dms.open(7))
    expect(opened).toMatchObject({
      result: {conversation_id: 3},
      seen: {path: '/api/v1/conversations', text: '{"user_id":7}'},
    })
    const read = await call(enveloped([{id: 1, content: 'x'}]), api => api.dms.messages(3))
    expect(read.seen.path).toBe('/api/v1/conversations/3/messages')
    const sent = await call(enveloped({id: 2, content: 'y'}), api => api.dms.send(3, {content: 'y'}))
    expect(sent.seen).toMatchObject({
      method: 'POST',
      path: '/api/v1/conversations/3/messages',
      text: '{"content":"y"}',
    })
    const blocked = failure(403, 'CONVERSATION_BLOCKED', 'blocked')
    await expect(call(blocked, api => api.dms.send(3, {content: ''}))).rejects.toMatchObject({
      code: 'conflict',
    })
  })
})

describe('files', () => {
  test('upload', async () => {
    const file = {file_id: 4, filename: 'a.txt', url: '/f/4', size: 5}
    const {result, seen} = await call(enveloped(file), api =>
      api.files.upload({
        roomId: 15,
        description: 'd',
        file: {name: 'a.txt', size: 5, open: () => Readable.from(['hello'])},
      }),
    )
    expect(result).toEqual(file)
    expect(seen.path).toBe('/api/v1/files/upload')
    expect(seen.text).toMatch(
      /name="room_id"\r\n\r\n15\r\n[\s\S]*name="description"\r\n\r\nd\r\n[\s\S]*name="file"/,
    )
  })
})

describe('files of the server', () => {
  test('download, from a byte on and only of the same file', async () => {
    const bytes: Handler = {
      status: 200,
      headers: {etag: '"a"', 'content-disposition': 'x; filename=a'},
      body: 'hello',
    }
    const {result, seen} = await call(bytes, async api => {
      const {body, ...file} = await api.files.download(4, {fromByte: 2, ifRange: '"a"'})
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(chunk)
      return {...file, text: Buffer.concat(chunks).toString()}
    })
    expect(result).toMatchObject({fileName: 'a', fromByte: 0, validator: '"a"', text: 'hello'})
    expect(seen).toMatchObject({
      path: '/api/v1/files/4/download',
      headers: {range: 'bytes=2-', 'if-range': '"a"'},
    })
  })

  test('delete', async () => {
    const {seen} = await call({status: 204}, api => api.files.delete(4))
    expect(seen).toMatchObject({method: 'DELETE', path: '/api/v1/files/4'})
  })
})

describe('users', () => {
  const users = [
    {user_id: 1, username: 'bobby'},
    {user_id: 2, username: 'bob'},
  ]

  test('me, one, search', async () => {
    expect((await call(enveloped({id: 7, username: 'bob'}), api => api.users.me())).seen.path).toBe(
      '/api/v1/users/me',
    )
    expect((await call(enveloped({id: 7, username: 'bob'}), api => api.users.get(7))).seen.path).toBe(
      '/api/v1/users/7',
    )
    const {result, seen} = await call(enveloped({users}), api => api.users.search('b&b'))
    expect(result).toEqual([
      {id: 1, username: 'bobby'},
      {id: 2, username: 'bob'},
    ])
    expect(seen.query.get('q')).toBe('b&b')
  })

  test('by name, exactly', async () => {
    expect((await call(enveloped(users), api => api.users.byName('bob'))).result.id).toBe(2)
    await expect(call(enveloped(users), api => api.users.byName('Bob'))).rejects.toMatchObject({
      code: 'not_found',
      hint: 'did you mean "bob" or "bobby"?',
    })
  })

  test('by a name that more users have in theirs than a server lists', async () => {
    const crowd = Array.from({length: 100}, (_, index) => ({id: index + 10, username: `bob${index}`}))
    await expect(call(enveloped(crowd), api => api.users.byName('bob'))).rejects.toMatchObject({
      code: 'not_found',
      message: 'there is no user "bob" among the first 100 that the server finds',
      hint: 'name the user by id',
    })
  })

  test('of many unknown names those that begin alike are asked for once', async () => {
    await using stub = await httpStub(enveloped([]))
    const {users: api} = apiOf(stub)
    for (const name of ['nob1', 'nob2', 'nob3']) await api.byName(name).catch(() => undefined)
    expect(stub.seen.map(({query}) => query.get('q'))).toEqual(['nob1', 'no', 'nob2', 'nob3'])
  })
})

test('an answer that is not the contract names the field', async () => {
  await expect(call(enveloped([{id: 1}]), api => api.rooms.list())).rejects.toMatchObject({
    code: 'not_protocol',
    message: expect.stringContaining('rooms[0].name is missing'),
  })
})
