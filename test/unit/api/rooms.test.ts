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
  return createApi(
    createHttpClient({
      restBase: stub.restBase,
      userAgent: 'veza/1',
      agentFor: () => undefined,
      effects,
      retries,
    }),
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

const room = {id: 15, name: 'general'}
const member = {user_id: 7, username: 'bob', role: 'moderator', last_seen: null, badge: 'x'}

describe('rooms', () => {
  test.each([
    [{name: 'new'}, '{"name":"new"}'],
    [{description: ''}, '{"description":""}'],
    [{name: 'new', description: 'd'}, '{"name":"new","description":"d"}'],
  ])('update %j sends what is given and no more', async (change, body) => {
    const {result, seen} = await call(enveloped(room), api => api.rooms.update(15, change))
    expect(result).toEqual(room)
    expect(seen).toMatchObject({method: 'PUT', path: '/api/v1/rooms/15', text: body})
  })

  test.each([{status: 204}, enveloped(null)])('delete is answered with nothing: %#', async answer => {
    const {result, seen} = await call(answer, api => api.rooms.delete(15))
    expect(result).toBeUndefined()
    expect(seen).toMatchObject({method: 'DELETE', path: '/api/v1/rooms/15', text: ''})
  })
})

describe('members', () => {
  test.each([
    ['an array', [member], {has_more: false}],
    ['the wrapper', {members: [member], total: 1}, {has_more: false, total: 1}],
    ['a part of more', {members: [member], total: 8}, {has_more: true, total: 8}],
  ])('are read from %s', async (_name, data, page) => {
    const {result, seen} = await call(enveloped(data), api => api.rooms.members(15, {role: 'moderator'}))
    expect(result).toEqual({
      items: [{id: 7, username: 'bob', role: 'moderator', last_seen: null, badge: 'x'}],
      ...page,
    })
    expect(`${seen.path}?${seen.query}`).toBe('/api/v1/rooms/15/members?limit=50&role=moderator')
  })

  test('a full page of an array may not be all, and no more than 100 are asked for', async () => {
    const many = Array.from({length: 100}, (_, index) => ({id: index + 1, username: `u${index}`}))
    const {result, seen} = await call(enveloped(many), api => api.rooms.members(15, {limit: 500}))
    expect(result).toMatchObject({has_more: true})
    expect(seen.query.toString()).toBe('limit=100')
  })

  test('a total wins over a full page', async () => {
    const one = {members: [member], total: 1}
    const {result} = await call(enveloped(one), api => api.rooms.members(15, {limit: 1}))
    expect(result.has_more).toBe(false)
  })

  test('are added, as member unless told otherwise', async () => {
    const {result, seen} = await call(enveloped(member, 201), api => api.rooms.addMember(15, 7))
    expect(result).toMatchObject({id: 7, role: 'moderator'})
    expect(seen).toMatchObject({
      method: 'POST',
      path: '/api/v1/rooms/15/members',
      text: '{"user_id":7,"role":"member"}',
    })
    const owner = await call(enveloped(member, 201), api => api.rooms.addMember(15, 7, 'owner'))
    expect(owner.seen.json()).toEqual({user_id: 7, role: 'owner'})
  })

  test('are added again after a doubtful failure: nobody becomes a member twice', async () => {
    await using stub = await httpStub({status: 502}, enveloped(member, 201))
    expect(await apiOf(stub, 1).rooms.addMember(15, 7)).toMatchObject({id: 7})
    expect(stub.count()).toBe(2)
  })

  test('change role and go', async () => {
    const {seen} = await call(enveloped(member), api => api.rooms.setRole(15, 7, 'moderator'))
    expect(seen).toMatchObject({
      method: 'PUT',
      path: '/api/v1/rooms/15/members/7',
      text: '{"role":"moderator"}',
    })
    const gone = await call({status: 204}, api => api.rooms.removeMember(15, 7))
    expect(gone.seen).toMatchObject({method: 'DELETE', path: '/api/v1/rooms/15/members/7'})
    const missing = call(failure(404, 'MEMBER_NOT_FOUND', 'no'), api => api.rooms.removeMember(15, 7))
    await expect(missing).rejects.toMatchObject({code: 'not_found', serverCode: 'MEMBER_NOT_FOUND'})
  })

  test('one that is none names the field', async () => {
    const answer = enveloped({members: [member, {username: 'x'}]})
    await expect(call(answer, api => api.rooms.members(15))).rejects.toMatchObject({
      code: 'not_protocol',
      message: expect.stringContaining('members[1].id is missing'),
    })
  })
})

describe('users', () => {
  test('update sends what is given, an empty status message too', async () => {
    const user = {id: 7, username: 'bob', status_message: null}
    const {result, seen} = await call(enveloped(user), api => api.users.update({status_message: ''}))
    expect(result).toEqual(user)
    expect(seen).toMatchObject({method: 'PUT', path: '/api/v1/users/me', text: '{"status_message":""}'})
  })

  test('a page of a search tells whether there may be more', async () => {
    const users = [{id: 1, username: 'bob'}]
    const full = await call(enveloped(users), api => api.users.searchPage('b', {limit: 1}))
    expect(full.result).toEqual({items: users, has_more: true})
    const rest = await call(enveloped({users, total: 1}), api => api.users.searchPage('b'))
    expect(rest.result).toEqual({items: users, has_more: false, total: 1})
  })
})
