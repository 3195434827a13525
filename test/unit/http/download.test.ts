import {once} from 'node:events'
import {Agent, createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {setTimeout as sleep} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {createHttpClient} from '../../../src/lib/http/client.js'
import type {DownloadRequest, HttpClientOptions, HttpEvent, TokenSource} from '../../../src/lib/http/types.js'
import {failure, type Handler, httpStub} from '../../support/http-stub.js'
import {CERT, KEY} from './tls-fixture.js'

const effects = {now: () => 0, random: () => 0, sleep: async () => {}}

function download(
  restBase: string,
  request: Partial<DownloadRequest> = {},
  options: Partial<HttpClientOptions> = {},
) {
  const http = createHttpClient({
    restBase,
    agentFor: () => undefined,
    userAgent: 'veza/1',
    effects,
    ...options,
  })
  return http.download({path: '/files/1/download', ...request})
}

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** An answer written by hand: its head, then what the test does with the rest. */
function bytes(text: string, headers: Readonly<Record<string, string>> = {}, status = 200): Handler {
  return {
    raw: (_, response) => {
      response.writeHead(status, {'content-length': String(text.length), ...headers}).end(text)
    },
  }
}

/** Announces 10 bytes, sends 4 and breaks the connection. */
const broken: Handler = {
  raw: (_, response) => {
    response.writeHead(200, {'content-length': '10'})
    response.write('four', () => response.destroy())
  },
}

/** Announces 10 bytes, sends 4 and nothing more. */
const stalled: Handler = {
  raw: (_, response) => {
    response.writeHead(200, {'content-length': '10'}).write('four')
  },
}

function tokenSource(): TokenSource & {renewals: number} {
  return {
    renewals: 0,
    headers: async () => ({authorization: 'Bearer 1'}),
    async renew() {
      this.renewals += 1
      return true
    },
  }
}

describe('a download', () => {
  test('asks for plain bytes, with the token, and gives them as they are', async () => {
    await using stub = await httpStub({status: 200, headers: {etag: '"a"'}, body: 'héllo'})
    const {status, headers, body} = await download(stub.restBase, {}, {tokens: tokenSource()})
    expect(status).toBe(200)
    expect(headers.etag).toBe('"a"')
    expect(await bytesOf(body)).toBe('héllo')
    expect(stub.seen[0]).toMatchObject({
      method: 'GET',
      path: '/api/v1/files/1/download',
      headers: {accept: '*/*', 'accept-encoding': 'identity', authorization: 'Bearer 1'},
    })
    expect(stub.seen[0]?.headers).not.toHaveProperty('range')
  })

  test('asks for the rest of a file that is still the same', async () => {
    let asked: unknown
    await using stub = await httpStub({
      raw: (request, response) => {
        asked = request.headers
        response.writeHead(206, {'content-range': 'bytes 2-4/5', 'content-length': '3'}).end('llo')
      },
    })
    const {status, body} = await download(stub.restBase, {fromByte: 2, ifRange: '"a"'})
    expect(asked).toMatchObject({range: 'bytes=2-', 'if-range': '"a"'})
    expect([status, await bytesOf(body)]).toEqual([206, 'llo'])
  })

  test.each([
    ['another part than was asked for', bytes('llo', {'content-range': 'bytes 1-3/5'}, 206)],
    ['a part that does not say which', bytes('llo', {}, 206)],
    ['a part whose end is before its beginning', bytes('llo', {'content-range': 'bytes 2-1/5'}, 206)],
    ['a part beyond the end', bytes('llo', {'content-range': 'bytes 2-5/5'}, 206)],
    ['a success without a file', bytes('', {}, 204)],
    ['packed bytes', bytes('llo', {'content-encoding': 'gzip'})],
  ])('%s is not the protocol', async (_, answer) => {
    await using stub = await httpStub(answer)
    await expect(download(stub.restBase, {fromByte: 2})).rejects.toMatchObject({code: 'not_protocol'})
    expect(stub.count()).toBe(1)
  })

  test('has the errors of any other call', async () => {
    await using stub = await httpStub(failure(404, 'FILE_NOT_FOUND', 'There is no such file'))
    await expect(download(stub.restBase)).rejects.toMatchObject({code: 'not_found', status: 404})
  })
})

describe('the end of a body', () => {
  test.each([
    ['breaks off', broken],
    ['is chunked and breaks off', {raw: (_, response) => response.write('four', () => response.destroy())}],
  ] satisfies [string, Handler][])('that %s is told, with what came', async (_, answer) => {
    await using stub = await httpStub(answer)
    const {body} = await download(stub.restBase)
    await expect(bytesOf(body)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^the connection to http\S+ broke in the middle of the file: 4 of /),
    })
    expect(stub.count()).toBe(1)
  })

  test('that does not come is a stall', async () => {
    await using stub = await httpStub(stalled)
    const {body} = await download(stub.restBase, {}, {stallTimeoutMs: 40})
    await expect(bytesOf(body)).rejects.toMatchObject({
      code: 'unreachable',
      message: 'the download stalled, no byte came for 0.04 s: 4 of 10 bytes came',
    })
  })

  test('is no stall while its reader takes its time', async () => {
    await using stub = await httpStub(bytes('x'.repeat(300_000)))
    const {body} = await download(stub.restBase, {}, {stallTimeoutMs: 20})
    let read = 0
    for await (const chunk of body) {
      if (read === 0) await sleep(60)
      read += chunk.length
    }
    expect(read).toBe(300_000)
  })

  test('is the signal, also for a body that nobody reads', async () => {
    let onGone = (): void => {}
    const gone = new Promise<void>(resolve => {
      onGone = resolve
    })
    await using stub = await httpStub({
      raw: (_, response) => {
        response.on('close', onGone)
        response.writeHead(200, {'content-length': '10'}).write('four')
      },
    })
    const controller = new AbortController()
    const {body} = await download(stub.restBase, {signal: controller.signal})
    controller.abort()
    await gone
    await expect(bytesOf(body)).rejects.toMatchObject({code: 'interrupted'})
  })
})

describe('another try', () => {
  test('follows a failure before the first byte', async () => {
    const events: HttpEvent[] = []
    const dropped: Handler = {raw: request => void request.socket.destroy()}
    await using stub = await httpStub(dropped, failure(503, 'X', 'busy'), bytes('hello'))
    const {body} = await download(stub.restBase, {}, {onEvent: event => events.push(event)})
    expect(await bytesOf(body)).toBe('hello')
    expect(events.filter(({type}) => type === 'waiting')).toHaveLength(2)
  })

  test('follows a 401 once, with a new token', async () => {
    await using stub = await httpStub(failure(401, 'INVALID_TOKEN', 'expired'), bytes('hello'))
    const tokens = tokenSource()
    const {body} = await download(stub.restBase, {}, {tokens})
    expect([await bytesOf(body), tokens.renewals]).toEqual(['hello', 1])
  })
})

describe('a redirect', () => {
  test('to another origin is followed, but the token stays', async () => {
    await using other = await httpStub({body: 'hello'})
    await using stub = await httpStub({status: 302, headers: {location: `${other.origin}/signed?x=1`}})
    const {body} = await download(stub.restBase, {fromByte: 0}, {tokens: tokenSource()})
    expect(await bytesOf(body)).toBe('hello')
    expect(other.seen[0]?.headers).not.toHaveProperty('authorization')
    expect(stub.seen[0]?.headers).toHaveProperty('authorization')
  })

  test('out of TLS is refused', async () => {
    await using plain = await httpStub({body: 'hello'})
    const server = createServer({cert: CERT, key: KEY}, (_, response) => {
      response.writeHead(302, {location: `${plain.origin}/x`}).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const agent = new Agent({ca: CERT})
    const restBase = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const answer = download(restBase, {}, {agentFor: () => agent})
    await expect(answer).rejects.toMatchObject({
      code: 'not_protocol',
      message: `the server redirects from https to ${plain.origin}`,
    })
    expect(plain.count()).toBe(0)
    server.close()
  })

  test('ends after five', async () => {
    await using stub = await httpStub({status: 307, headers: {location: '/again'}})
    await expect(download(stub.restBase)).rejects.toMatchObject({code: 'not_protocol'})
    expect(stub.count()).toBe(6)
  })
})
