import {Agent} from 'node:http'
import {describe, expect, test} from 'vitest'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {createHttpClient} from '../../../src/lib/http/client.js'
import type {HttpClientOptions, HttpEvent, TokenSource} from '../../../src/lib/http/types.js'
import {closedPort, enveloped, failure, type Handler, httpStub} from '../../support/http-stub.js'

/** A client with a clock that stands still, waits that are only noted, and no agent. */
function client(restBase: string, options: Partial<HttpClientOptions> = {}) {
  const waits: number[] = []
  const events: HttpEvent[] = []
  const effects = {now: () => 0, random: () => 0.5, sleep: async (ms: number) => void waits.push(ms)}
  const onEvent = (event: HttpEvent) => void events.push(event)
  const http = createHttpClient({
    restBase,
    agentFor: () => undefined,
    userAgent: 'veza/1',
    effects,
    onEvent,
    ...options,
  })
  return {http, waits, events}
}

/** Gives `Bearer 1`, after a renewal `Bearer 2`; `renewals` counts. */
function tokenSource(renewable = true): TokenSource & {renewals: number} {
  return {
    renewals: 0,
    async headers() {
      return {authorization: `Bearer ${this.renewals + 1}`}
    },
    async renew() {
      if (renewable) this.renewals++
      return renewable
    },
  }
}

const GET = {method: 'GET', path: '/rooms'} as const
const POST = {method: 'POST', path: '/rooms', body: {name: 'x'}} as const
const ok = enveloped({id: 1})
const expired = failure(401, 'INVALID_TOKEN', 'expired')
const hangUp: Handler = {raw: request => void request.socket.destroy()}
const hang: Handler = {raw: () => {}}

describe('a request', () => {
  test('carries what it should', async () => {
    await using stub = await httpStub(ok)
    const {http, events} = client(stub.restBase, {tokens: tokenSource()})
    const answer = await http.request({...POST, query: {limit: 5}})
    expect(answer).toMatchObject({status: 200, data: {id: 1}})
    const [seen] = stub.seen
    expect(seen).toMatchObject({method: 'POST', path: '/api/v1/rooms', text: '{"name":"x"}'})
    expect(seen?.query.get('limit')).toBe('5')
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer 1',
      'content-type': 'application/json',
      'content-length': '12',
      accept: 'application/json',
      'user-agent': 'veza/1',
    })
    expect(events.map(event => event.type)).toEqual(['attempt', 'answer', 'clock'])
    expect(JSON.stringify(events)).not.toMatch(/Bearer|limit/)
  })

  test('carries no token when anonymous, and no content type without a body', async () => {
    await using stub = await httpStub(ok)
    await client(stub.restBase, {tokens: tokenSource()}).http.request({...GET, anonymous: true})
    expect(stub.seen[0]?.headers).not.toHaveProperty('authorization')
    expect(stub.seen[0]?.headers).not.toHaveProperty('content-type')
  })

  test('sends text as it is', async () => {
    await using stub = await httpStub(ok)
    const content = '  "quoted" \n é 👍 \u0000'
    await client(stub.restBase).http.request({...POST, body: {content}})
    expect(stub.seen[0]?.json()).toEqual({content})
  })
})

describe('401', () => {
  test('one renewal, one repeat, also of a POST', async () => {
    await using stub = await httpStub(expired, ok)
    const tokens = tokenSource()
    expect((await client(stub.restBase, {tokens}).http.request(POST)).status).toBe(200)
    expect(stub.seen.map(seen => seen.headers.authorization)).toEqual(['Bearer 1', 'Bearer 2'])
  })

  test('a second one means signed out', async () => {
    await using stub = await httpStub(expired)
    const tokens = tokenSource()
    await expect(client(stub.restBase, {tokens}).http.request(GET)).rejects.toMatchObject({
      code: 'signed_out',
      hint: 'run `veza auth login`',
    })
    expect([tokens.renewals, stub.count()]).toEqual([1, 2])
  })

  test('no newer token, no repeat', async () => {
    await using stub = await httpStub(expired)
    await expect(client(stub.restBase, {tokens: tokenSource(false)}).http.request(GET)).rejects.toMatchObject(
      {
        code: 'signed_out',
      },
    )
    expect(stub.count()).toBe(1)
  })

  test('of an anonymous request, a network failure and other errors renew nothing', async () => {
    await using stub = await httpStub(expired)
    const tokens = tokenSource()
    const anonymous = client(stub.restBase, {tokens}).http.request({...GET, anonymous: true})
    await expect(anonymous).rejects.toMatchObject({code: 'signed_out'})
    const dead = client(`http://127.0.0.1:${await closedPort()}`, {tokens, retries: 1}).http.request(GET)
    await expect(dead).rejects.toMatchObject({code: 'unreachable'})
    await using missing = await httpStub({status: 404})
    await expect(client(missing.restBase, {tokens}).http.request(GET)).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(tokens.renewals).toBe(0)
  })
})

describe('repeats', () => {
  test('a GET after 503, with growing delays, until it is answered', async () => {
    await using stub = await httpStub(failure(503, 'X', 'busy'), hangUp, ok)
    const {http, waits, events} = client(stub.restBase)
    expect((await http.request(GET)).status).toBe(200)
    expect(waits).toEqual([250, 500])
    expect(events.filter(event => event.type === 'attempt').map(event => event.attempt)).toEqual([1, 2, 3])
    expect(events).toContainEqual({type: 'waiting', delayMs: 250, reason: 'busy (HTTP 503)'})
  })

  test('are bounded in number, and a 5xx that outlives them is server_error', async () => {
    await using stub = await httpStub(failure(500, 'X', 'no'))
    await expect(client(stub.restBase).http.request(GET)).rejects.toMatchObject({
      code: 'server_error',
      exitCode: 1,
    })
    expect(stub.count()).toBe(4)
  })

  test('not a POST that may have been executed', async () => {
    for (const handler of [hangUp, failure(503, 'X', 'busy')]) {
      await using stub = await httpStub(handler)
      await expect(client(stub.restBase).http.request(POST)).rejects.toBeInstanceOf(VezaError)
      expect(stub.count()).toBe(1)
    }
  })

  test('not a POST over a connection kept from before, either', async () => {
    await using stub = await httpStub(ok, hangUp)
    const agent = new Agent({keepAlive: true})
    const {http} = client(stub.restBase, {agentFor: () => agent})
    await http.request(POST)
    await expect(http.request(POST)).rejects.toMatchObject({code: 'unreachable'})
    expect(stub.count()).toBe(2)
    agent.destroy()
  })

  test('a POST that says it is repeatable', async () => {
    await using stub = await httpStub(hangUp, ok)
    expect((await client(stub.restBase).http.request({...POST, repeatable: true})).status).toBe(200)
  })

  test('and tells of an earlier try that may have acted, whatever the last one ended with', async () => {
    const request = {method: 'DELETE', path: '/rooms/1'} as const
    await using doubtful = await httpStub(hangUp, failure(403, 'PERMISSION_DENIED', 'no'))
    await expect(client(doubtful.restBase).http.request(request)).rejects.toMatchObject({
      code: 'forbidden',
      mayHaveActed: true,
    })
    await using sure = await httpStub(failure(429, 'RATE_LIMIT_EXCEEDED', 'slow'), failure(403, 'X', 'no'))
    await expect(client(sure.restBase).http.request(request)).rejects.toMatchObject({mayHaveActed: false})
  })

  test('a POST that was never sent', async () => {
    const {http, waits} = client(`http://127.0.0.1:${await closedPort()}`)
    await expect(http.request(POST)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/cannot reach http:\/\/127.*refused/),
      hint: expect.stringContaining('VEZA_SERVER'),
    })
    expect(waits).toHaveLength(3)
  })

  test('a POST after 429, when the server says', async () => {
    const limited = {...failure(429, 'RATE_LIMIT_EXCEEDED', 'slow down'), headers: {'retry-after': '7'}}
    await using stub = await httpStub(
      limited,
      failure(429, 'RATE_LIMIT_EXCEEDED', 'slow', {details: {retry_after: 9}}),
      ok,
    )
    const {http, waits} = client(stub.restBase)
    expect((await http.request(POST)).status).toBe(200)
    expect(waits).toEqual([7000, 9000])
  })

  test('ask before each try, behind the wait, whether it may be sent; a no ends the request unsent', async () => {
    await using stub = await httpStub(failure(429, 'RATE_LIMIT_EXCEEDED', 'slow'), ok)
    const {http, waits} = client(stub.restBase)
    const asked: string[] = []
    const beforeTry = async (): Promise<void> => {
      asked.push(`${stub.seen.length} sent, ${waits.length} waits`)
    }
    await http.request({...POST, beforeTry})
    expect([...new Set(asked)]).toEqual(['0 sent, 0 waits', '1 sent, 1 waits'])
    const no = new Error('not now')
    await expect(http.request({...POST, beforeTry: () => Promise.reject(no)})).rejects.toBe(no)
    expect(stub.seen).toHaveLength(2)
  })

  test('not where the server asks for a longer wait than allowed', async () => {
    await using stub = await httpStub({status: 429, headers: {'retry-after': '600'}})
    await expect(client(stub.restBase).http.request(GET)).rejects.toMatchObject({
      code: 'rate_limited',
      hint: 'try again in 10 min',
      retryAfterMs: 600_000,
    })
    expect(stub.count()).toBe(1)
  })

  test('an answer that broke off', async () => {
    const cut: Handler = {
      raw: (_request, response) => {
        response.writeHead(200, {'content-length': '100'})
        response.write('{"succ', () => response.destroy())
      },
    }
    await using stub = await httpStub(cut, ok)
    expect((await client(stub.restBase).http.request(GET)).data).toEqual({id: 1})
    await using always = await httpStub(cut)
    await expect(client(always.restBase, {retries: 0}).http.request(GET)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('broke in the middle'),
    })
  })
})

describe('redirects', () => {
  test('of a GET within the server keep the token', async () => {
    await using stub = await httpStub({status: 302, headers: {location: '/elsewhere'}}, ok)
    expect((await client(stub.restBase, {tokens: tokenSource()}).http.request(GET)).data).toEqual({id: 1})
    expect(stub.seen[1]).toMatchObject({path: '/elsewhere', headers: {authorization: 'Bearer 1'}})
  })

  test('to another origin do not, and its 401 renews nothing', async () => {
    await using other = await httpStub(expired)
    await using stub = await httpStub({status: 307, headers: {location: `${other.origin}/x`}})
    const tokens = tokenSource()
    await expect(client(stub.restBase, {tokens}).http.request(GET)).rejects.toMatchObject({
      code: 'signed_out',
    })
    expect(other.seen[0]?.headers).not.toHaveProperty('authorization')
    expect([tokens.renewals, stub.count(), other.count()]).toEqual([0, 1, 1])
  })

  test('end after five', async () => {
    await using stub = await httpStub({status: 302, headers: {location: '/again'}})
    await expect(client(stub.restBase).http.request(GET)).rejects.toMatchObject({code: 'not_protocol'})
    expect(stub.count()).toBe(6)
  })

  test('of a POST are not followed', async () => {
    await using stub = await httpStub({status: 307, headers: {location: 'https://new.example/'}})
    await expect(client(stub.restBase).http.request(POST)).rejects.toMatchObject({
      code: 'not_protocol',
      hint: expect.stringContaining('https://new.example/'),
    })
    expect(stub.count()).toBe(1)
  })
})

describe('limits', () => {
  test('a server that does not answer in time', async () => {
    await using stub = await httpStub(hang)
    const {http, events} = client(stub.restBase, {timeoutMs: 40, retries: 1})
    await expect(http.request(GET)).rejects.toMatchObject({
      code: 'unreachable',
      message: `${stub.origin} did not answer within 0.04 s`,
    })
    expect(events.filter(event => event.type === 'attempt')).toHaveLength(2)
  })

  test('an answer that never ends', async () => {
    await using stub = await httpStub({
      raw: (_request, response) => {
        const chunk = Buffer.alloc(1024 * 1024, ' ')
        const more = (): void => {
          while (!response.destroyed && response.write(chunk)) {}
        }
        response.on('drain', more)
        more()
      },
    })
    await expect(client(stub.restBase).http.request(GET)).rejects.toMatchObject({
      code: 'not_protocol',
      message: 'the answer is larger than 32 MiB',
    })
  })

  test("a signal ends a request with the signal's reason, also while it waits", async () => {
    await using stub = await httpStub(hang)
    const controller = new AbortController()
    const reason = new VezaError('timeout', 'time is up')
    const pending = client(stub.restBase, {agentFor: () => void controller.abort(reason)}).http
    await expect(pending.request({...GET, signal: controller.signal})).rejects.toBe(reason)

    await using busy = await httpStub({status: 503})
    const own = new AbortController()
    const sleep = (_ms: number, signal?: AbortSignal): Promise<void> => {
      own.abort(reason)
      return Promise.reject(signal?.reason)
    }
    const effects = {now: () => 0, random: () => 0, sleep}
    await expect(client(busy.restBase, {effects, signal: own.signal}).http.request(GET)).rejects.toBe(reason)
    await expect(client(busy.restBase, {signal: AbortSignal.abort(reason)}).http.request(GET)).rejects.toBe(
      reason,
    )
    expect(busy.count()).toBe(1)
  })

  test('an error never carries the token', async () => {
    await using stub = await httpStub(hangUp)
    const error = await client(stub.restBase, {tokens: tokenSource(), retries: 0})
      .http.request(GET)
      .catch(e => e)
    const {inspect} = await import('node:util')
    expect(inspect(error, {depth: 20, showHidden: true})).not.toContain('Bearer')
  })
})
