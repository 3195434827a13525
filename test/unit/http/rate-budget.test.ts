import {describe, expect, test} from 'vitest'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {createHttpClient} from '../../../src/lib/http/client.js'
import type {HttpClientOptions, RateBudget, RateWords} from '../../../src/lib/http/types.js'
import {enveloped, failure, httpStub} from '../../support/http-stub.js'

/** A budget that grants after the given waits, then at once, and writes down what happens. */
function budgetOf(...waits: number[]) {
  const log: string[] = []
  const noted: RateWords[] = []
  const budget: RateBudget = {
    take: async (_signal, maxWaitMs, reason) => {
      log.push(`take ${maxWaitMs}${reason === undefined ? '' : ` after ${reason}`}`)
      return waits.shift() ?? 0
    },
    note: async words => {
      log.push('note')
      noted.push(words)
    },
  }
  return {budget, log, noted}
}

function client(restBase: string, options: Partial<HttpClientOptions>) {
  const slept: number[] = []
  const effects = {now: () => 0, random: () => 0.5, sleep: async (ms: number) => void slept.push(ms)}
  const http = createHttpClient({restBase, agentFor: () => undefined, userAgent: 'x', effects, ...options})
  return {http, slept}
}

const SEND = {method: 'POST', path: '/rooms/1/messages', body: {content: 'hi'}} as const
const ok = enveloped({id: 1}, 201)
const limited = (headers: Record<string, string> = {}) => ({
  ...failure(429, 'RATE_LIMIT_EXCEEDED', 'slow down'),
  headers,
})

describe('the budget', () => {
  test.each([
    [SEND, 1],
    [{...SEND, path: '/conversations/5/messages'}, 1],
    [{...SEND, path: '/rooms'}, 0],
    [{...SEND, path: '/messages/4/reactions'}, 0],
    [{...SEND, path: '/files/upload'}, 0],
    [{...SEND, method: 'PUT', path: '/messages/4'}, 0],
    [{method: 'GET', path: '/rooms/1/messages'}, 0],
  ] as const)('counts new messages and nothing else: %j', async (request, takes) => {
    await using stub = await httpStub(ok)
    const {budget, log} = budgetOf()
    await client(stub.restBase, {budget}).http.request(request)
    expect(log).toEqual(takes === 1 ? ['take 60000', 'note'] : [])
  })

  test('is asked before each try, and the failure of one tells it nothing', async () => {
    await using stub = await httpStub(failure(503, 'X', 'busy'), ok)
    const {budget, log} = budgetOf()
    const {http, slept} = client(stub.restBase, {budget})
    await http.request({...SEND, repeatable: true})
    expect(log).toEqual(['take 60000', 'take 60000', 'note'])
    expect(slept).toEqual([250])
  })

  test('learns what the server says, taken or refused', async () => {
    const headers = {'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7'}
    await using stub = await httpStub(limited({'retry-after': '3'}), {...ok, headers})
    const {budget, noted} = budgetOf()
    await client(stub.restBase, {budget}).http.request(SEND)
    expect(noted).toEqual([
      {limit: undefined, waitMs: 3000},
      {limit: 60, waitMs: 7000},
    ])
  })

  test('holds a refused message back by itself: nobody waits twice', async () => {
    await using stub = await httpStub(limited({'retry-after': '3'}), ok)
    const {budget, log} = budgetOf(0, 3000)
    const {http, slept} = client(stub.restBase, {budget})
    await http.request(SEND)
    expect(log).toEqual(['take 60000', 'note', 'take 60000 after slow down (HTTP 429)', 'note'])
    expect(slept).toEqual([])
  })

  test('leaves the wait to the pipeline where the refusal does not say how long', async () => {
    await using stub = await httpStub(limited(), ok)
    const {http, slept} = client(stub.restBase, {budget: budgetOf().budget})
    await http.request(SEND)
    expect(slept).toEqual([250])
  })
})

describe('the longest wait', () => {
  test('is that of all tries together', async () => {
    await using stub = await httpStub(limited({'retry-after': '3'}), limited({'retry-after': '3'}), ok)
    const {budget, log} = budgetOf(1000, 3000, 2000)
    await client(stub.restBase, {budget, maxWaitMs: 10_000}).http.request(SEND)
    const takes = log.flatMap(line => line.match(/take \d+/) ?? [])
    expect(takes).toEqual(['take 10000', 'take 9000', 'take 6000'])
  })

  test('ends a message that the server asks to come back later than that', async () => {
    await using stub = await httpStub(limited({'retry-after': '8'}))
    const {budget} = budgetOf(3000)
    await expect(client(stub.restBase, {budget, maxWaitMs: 10_000}).http.request(SEND)).rejects.toMatchObject(
      {
        code: 'rate_limited',
        retryAfterMs: 8000,
      },
    )
    expect(stub.count()).toBe(1)
  })

  test('holds for the waits of other calls, too', async () => {
    await using stub = await httpStub(limited({'retry-after': '6'}))
    const {http, slept} = client(stub.restBase, {maxWaitMs: 10_000})
    await expect(http.request({method: 'GET', path: '/rooms'})).rejects.toMatchObject({code: 'rate_limited'})
    expect([stub.count(), slept]).toEqual([2, [6000]])
  })

  test('of 0 still repeats what the server did not ask to delay', async () => {
    await using stub = await httpStub(failure(503, 'X', 'busy'), ok)
    const {http, slept} = client(stub.restBase, {maxWaitMs: 0})
    expect((await http.request({method: 'GET', path: '/rooms'})).status).toBe(201)
    expect(slept).toEqual([250])
  })
})

describe('credentials', () => {
  test('are asked for before the wait, and again after it', async () => {
    await using stub = await httpStub(ok)
    const log: string[] = []
    const tokens = {
      headers: async () => ({authorization: `Bearer ${log.push('headers')}`}),
      renew: async () => false,
    }
    const budget = {take: async () => log.push('take'), note: async () => undefined}
    await client(stub.restBase, {budget, tokens}).http.request(SEND)
    expect(log).toEqual(['headers', 'take', 'headers'])
    expect(stub.seen[0]?.headers.authorization).toBe('Bearer 3')
  })

  test('that are missing cost no place', async () => {
    const {budget, log} = budgetOf()
    const tokens = {
      headers: async () => Promise.reject(new VezaError('signed_out', 'no')),
      renew: async () => false,
    }
    await expect(client('http://127.0.0.1:1', {budget, tokens}).http.request(SEND)).rejects.toMatchObject({
      code: 'signed_out',
    })
    expect(log).toEqual([])
  })

  test('that are renewed after a 401 use the same place', async () => {
    await using stub = await httpStub(failure(401, 'INVALID_TOKEN', 'expired'), ok)
    const {budget, log} = budgetOf()
    const tokens = {headers: async () => ({authorization: 'x'}), renew: async () => true}
    await client(stub.restBase, {budget, tokens}).http.request(SEND)
    expect(log).toEqual(['take 60000', 'note'])
  })
})

test('the end of the command ends the wait, with its own reason', async () => {
  const controller = new AbortController()
  const budget: RateBudget = {
    take: async signal => {
      controller.abort()
      signal?.throwIfAborted()
      return 0
    },
    note: async () => undefined,
  }
  const sending = client('http://127.0.0.1:1', {budget, signal: controller.signal}).http.request(SEND)
  await expect(sending).rejects.toMatchObject({code: 'interrupted'})
})
