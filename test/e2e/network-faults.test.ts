import {describe, expect, it} from 'vitest'
import {closedPort, type Handler, httpStub} from '../support/http-stub.js'
import type {Home} from '../support/veza.js'
import {expectFailure} from './kit/failure.js'
import {homeAt} from './kit/sandbox.js'
import {LONG_TOKEN, rawServer} from './kit/servers.js'

const MESSAGE = {success: true, data: {id: 7, content: 'hello', username: 'alice', author_id: 2}}
const ROOMS = ['rooms', 'list']
const SEND = ['messages', 'send', '1', 'private words']

/** A home with a token, that tries everything once. */
function impatientHome(url: string, env: NodeJS.ProcessEnv = {}): Home {
  return homeAt(url, 'alice', {VEZA_TOKEN: LONG_TOKEN, VEZA_RETRIES: '0', ...env})
}

describe('a server that is not there', () => {
  it.each([
    ['rooms list', ROOMS],
    ['messages send', SEND],
    ['messages tail', ['messages', 'tail', '1', '--quiet']],
    ['auth status', ['auth', 'status']],
    ['dm send', ['dm', 'send', '3', 'private words']],
  ])('ends %s with 6 and names the address', async (_name, args) => {
    const port = await closedPort()
    const home = impatientHome(`http://127.0.0.1:${port}`)
    const says = new RegExp(`127\\.0\\.0\\.1:${port}`)
    const failure = {exit: 6, code: 'unreachable', says, never: ['private words', LONG_TOKEN]}
    await expectFailure(home, args, failure)
  })

  it('is tried again as often as --retries says, each wait told', async () => {
    const port = await closedPort()
    const home = impatientHome(`http://127.0.0.1:${port}`)
    const {code, stderr, stdout} = await home.run([...ROOMS, '--retries', '2'])
    expect({code, stdout}).toEqual({code: 6, stdout: ''})
    const kinds = stderr
      .trimEnd()
      .split('\n')
      .map(line => line.split(/[ :]/)[0])
    expect(kinds).toEqual(['waiting', 'waiting', 'error', 'hint'])
  })
})

describe('a wrong port', () => {
  it('that closes at once ends with 6', async () => {
    const server = await rawServer(socket => socket.end())
    const home = impatientHome(server.url)
    const failure = {exit: 6, says: new RegExp(`127\\.0\\.0\\.1:${server.port}`), never: ['private words']}
    await expectFailure(home, ROOMS, failure)
    await expectFailure(home, SEND, failure)
  })

  it('that talks something else ends with 6', async () => {
    const server = await rawServer(socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    const home = impatientHome(server.url)
    await expectFailure(home, ROOMS, {exit: 6, says: new RegExp(`127\\.0\\.0\\.1:${server.port}`)})
    await expectFailure(home, ['messages', 'tail', '1'], {exit: 6, says: new RegExp(`${server.port}`)})
  })

  it.each([
    ['rooms list', ROOMS],
    ['messages send', SEND],
    ['messages tail', ['messages', 'tail', '1']],
  ])('that never answers ends %s with 124 after --timeout, its socket closed', async (_name, args) => {
    const server = await rawServer()
    const home = impatientHome(server.url)
    const failure = {exit: 124, code: 'timeout', says: /--timeout/, never: ['private words']}
    await expectFailure(home, [...args, '--timeout', '900ms'], failure)
    await server.allClosed()
    expect(server.count()).toBeGreaterThan(0)
  })
})

describe('an answer that is none of a chat server', () => {
  const html = '<html><body>Login to the \u001b[31mHotel WiFi</body></html>'
  const htmlHeaders = {'content-type': 'text/html'}

  it.each<readonly [string, Handler, number, RegExp]>([
    ['HTML under 200', {status: 200, headers: htmlHeaders, body: html}, 6, /no JSON.*200.*text\/html/],
    [
      'HTML under 502',
      {status: 502, headers: {...htmlHeaders, 'x-request-id': 'req-9'}, body: html},
      1,
      /502.*req-9/,
    ],
    ['an empty 502', {status: 502}, 1, /502/],
    ['a 200 that is no JSON', {status: 200, body: 'OK'}, 6, /no JSON/],
    [
      'half of JSON',
      {status: 200, headers: {'content-type': 'application/json'}, body: '{"success": tr'},
      6,
      /JSON/,
    ],
    ['JSON of another server', {status: 200, body: {hello: 'world'}}, 6, /./],
    ['a redirect of a POST', {status: 302, headers: {location: 'http://elsewhere.test/'}}, 6, /302/],
  ])('ends with its code: %s', async (name, handler, exit, says) => {
    await using server = await httpStub(handler)
    const home = impatientHome(server.origin)
    const failure = {exit, says, never: ['private words', '\u001b', 'Hotel', LONG_TOKEN]}
    if (!name.includes('POST')) await expectFailure(home, ROOMS, failure)
    await expectFailure(home, SEND, failure)
  })

  it('a 502 is tried again for a GET, but no send is while history does not tell what became of it', async () => {
    await using server = await httpStub({status: 502, headers: htmlHeaders, body: html})
    const home = impatientHome(server.origin, {VEZA_RETRIES: '1'})
    expect(await home.run([...ROOMS, '--quiet'])).toMatchObject({code: 1})
    expect(server.count()).toBe(2)
    expect(await home.run([...SEND, '--quiet'])).toMatchObject({code: 1})
    expect(server.seen.filter(({method}) => method === 'POST')).toHaveLength(1)
  })

  it('a body shorter than announced ends with 6', async () => {
    const text = JSON.stringify({success: true, data: []})
    const server = await rawServer(undefined, (_data, socket) => {
      socket.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n${text}`)
    })
    const home = impatientHome(server.url)
    await expectFailure(home, ROOMS, {exit: 6, code: 'unreachable', says: /broke in the middle/})
    await expectFailure(home, SEND, {exit: 6, code: 'unreachable', says: /broke in the middle/})
  })
})

describe('a rate limit', () => {
  const limited = (retryAfter: string, date?: string): Handler => ({
    status: 429,
    headers: {'retry-after': retryAfter, ...(date === undefined ? {} : {date})},
    body: {success: false, error: {code: 'RATE_LIMIT_EXCEEDED', message: 'Slow down'}},
  })
  const inDate = (ms: number): string => new Date(Date.UTC(2026, 10, 22, 12) + ms).toUTCString()

  it.each([
    ['seconds', limited('1')],
    ['an HTTP date', limited(inDate(1000), inDate(0))],
  ])('is waited out, with a notice: %s', async (_name, refusal) => {
    await using server = await httpStub(refusal, {status: 201, body: MESSAGE})
    const home = homeAt(server.origin, 'alice', {VEZA_TOKEN: LONG_TOKEN})
    const startMs = performance.now()
    const {code, stdout, stderr} = await home.run([...SEND, '--json'])
    expect({code, stderr}).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^waiting 1\.\d s: [^\n]*Slow down[^\n]*\n$/),
    })
    expect(performance.now() - startMs).toBeGreaterThan(1000)
    expect(JSON.parse(stdout)).toMatchObject({id: 7})
    expect(server.count()).toBe(2)
  })

  it.each([
    ['seconds', limited('3600')],
    ['an HTTP date', limited(inDate(3_600_000), inDate(0))],
  ])('that lasts an hour ends with 5 at once and says so: %s', async (_name, refusal) => {
    await using server = await httpStub(refusal)
    const home = homeAt(server.origin, 'alice', {VEZA_TOKEN: LONG_TOKEN})
    const failure = {
      exit: 5,
      code: 'rate_limited',
      says: /Slow down/,
      hint: /60 min/,
      never: ['private words'],
    }
    const error = await expectFailure(home, SEND, failure)
    expect(error).toMatchObject({retry_after_ms: 3_600_000, retryable: true})
    expect(server.count()).toBe(2)
  })
})
