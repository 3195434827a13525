import {describe, expect, test} from 'vitest'
import {buildRequest, type CallWords} from '../../../../src/lib/cli/api/request.js'

const place = {server: 'http://chat.example:8080', apiPath: '/api/v1'}
const words = (more: Partial<CallWords>): CallWords => ({
  method: 'GET',
  path: '/rooms',
  headers: [],
  fields: {},
  input: undefined,
  ...more,
})
const build = (more: Partial<CallWords>) => buildRequest(words(more), place)

describe('the path of a call', () => {
  test.each([
    ['/rooms/1', '/rooms/1'],
    ['rooms/1', '/rooms/1'],
    ['/api/v1/rooms/1', '/rooms/1'],
    ['api/v1/rooms/1', '/rooms/1'],
    ['http://chat.example:8080/api/v1/rooms/1', '/rooms/1'],
    ['/api/v12/rooms', '/api/v12/rooms'],
    ['/messages/1/reactions/👍', '/messages/1/reactions/%F0%9F%91%8D'],
  ])('%s', (path, wanted) => {
    expect(build({path}).path).toBe(wanted)
  })

  test('a query in the path and fields go together', () => {
    expect(build({path: '/rooms?limit=5', fields: {filter: 'joined', deep: true}}).query).toEqual({
      limit: '5',
      filter: 'joined',
      deep: true,
    })
  })

  test.each([
    'http://other.example/api/v1/rooms',
    '//other.example/rooms',
    'https://chat.example:8080/rooms',
    'http://u:p@chat.example:8080/rooms',
  ])('the token never goes to %s', path => {
    expect(() => build({path})).toThrow(expect.objectContaining({code: 'usage'}))
  })
})

describe('method and body', () => {
  test('fields are the body of what has one', () => {
    expect(build({method: 'post', fields: {a: 1}})).toMatchObject({method: 'POST', body: {a: 1}, query: {}})
    expect(build({method: 'POST'})).not.toHaveProperty('body')
    expect(build({method: 'DELETE', fields: {a: 1}})).toMatchObject({query: {a: 1}})
  })

  test('--input is any JSON', () => {
    expect(build({method: 'PUT', input: '[1, 2]'}).body).toEqual([1, 2])
  })

  test.each<[Partial<CallWords>, string]>([
    [{method: 'TRACE'}, 'METHOD is one of: GET, POST, PUT, PATCH, DELETE'],
    [{input: '{}'}, '--input does not go with GET'],
    [{method: 'POST', input: '{}', fields: {a: 1}}, 'give the body by --input or by -f and -F, not by both'],
    [{method: 'POST', input: '{secret'}, '--input is no JSON'],
    [{path: '/rooms?id=1&id=2'}, 'PATH gives a field of its query twice'],
    [{fields: {a: {b: 1}}}, 'the query of a GET or DELETE takes text, numbers, true and false only'],
  ])('%j', (more, message) => {
    expect(() => build(more)).toThrow(expect.objectContaining({code: 'usage', message}))
  })
})

describe('headers', () => {
  test('are sent in lower case', () => {
    expect(build({headers: ['X-Trace: 1', 'if-match:"x"']}).headers).toEqual({
      'x-trace': '1',
      'if-match': '"x"',
    })
  })

  test.each(['Authorization: Bearer x', 'Host: evil', 'content-length: 1', 'Cookie: a=b'])(
    '%s is refused',
    header => {
      expect(() => build({headers: [header]})).toThrow(expect.objectContaining({code: 'usage'}))
    },
  )

  test.each(['x', 'a b: c', 'x: a\r\nHost: evil', ': x'])('%j is none', header => {
    expect(() => build({headers: [header]})).toThrow('-H wants NAME: VALUE in plain characters')
  })
})
