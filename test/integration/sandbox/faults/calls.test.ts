import {Agent} from 'node:http'

import {describe, expect, it} from 'vitest'
import {WebSocket} from 'ws'

import type {FaultSpec} from '../../../../src/sandbox/index.js'
import {call, connect, later, start} from '../support.js'
import {DIALECTS, ENDLESS_MS, exchange, post, setStage, stored} from './kit.js'

describe.each(DIALECTS)('a call, in the %s dialect,', dialect => {
  it.each<[FaultSpec['kind'], object, string[]]>([
    ['rate_limit', {status: 429, isBroken: false}, []],
    ['html', {status: 502, isBroken: false}, []],
    ['hang', {error: 'ECONNRESET'}, []],
    ['reset_before', {error: 'ECONNRESET'}, []],
    ['reset_after', {error: 'ECONNRESET'}, ['a']],
    ['error_after', {status: 502, isBroken: false}, ['a']],
    ['truncate', {status: 201, isBroken: true}, ['a']],
  ])('has %s once, and the server acts or it does not', async (kind, outcome, kept) => {
    const durationMs = kind === 'hang' ? 20 : undefined
    const stage = await setStage({dialect})
    stage.sandbox.faults.arm({kind, durationMs})
    expect(await post(stage, 'a')).toMatchObject(outcome)
    expect(await stored(stage)).toEqual(kept)
    expect((await post(stage, 'b')).status).toBe(201)
    expect(await stored(stage)).toEqual([...kept, 'b'])
    expect(stage.sandbox.faults.counts()[kind]).toBe(1)
  })

  it('is refused for its rate in the envelope, with the wait said in three ways in turn', async () => {
    const stage = await setStage({dialect, faultSeed: 1})
    stage.sandbox.faults.arm({kind: 'rate_limit', count: 4, durationMs: 2_500})
    const answers = [
      await post(stage, 'a'),
      await post(stage, 'a'),
      await post(stage, 'a'),
      await post(stage, 'a'),
    ]
    const waits = answers.map(({headers}) => headers?.['retry-after'])
    const bodies = answers.map(({body = ''}) => JSON.parse(body))
    for (const body of bodies)
      expect(body).toMatchObject({success: false, error: {code: 'RATE_LIMIT_EXCEEDED'}})
    expect('request_id' in bodies[0].error).toBe(dialect === 'reference')
    expect([waits[0], waits[2], waits[3]]).toEqual(['3', undefined, '3'])
    const sentAt = Date.parse(answers[1]?.headers?.date ?? '')
    expect((Date.parse(waits[1] ?? '') - sentAt) / 1_000).toBeOneOf([2, 3, 4])
    expect(waits[1]).toMatch(/ GMT$/)
    expect(bodies.map(({error}) => error.details)).toEqual([{}, {}, {retry_after: 3}, {}])
  })
})

describe('html', () => {
  it('is a proxy’s page: 502, 503 and 504 in turn', async () => {
    const stage = await setStage()
    stage.sandbox.faults.arm({kind: 'html', count: 4})
    const answers = [
      await post(stage, 'a'),
      await post(stage, 'a'),
      await post(stage, 'a'),
      await post(stage, 'a'),
    ]
    expect(answers.map(({status}) => status)).toEqual([502, 503, 504, 502])
    for (const {headers, body} of answers) {
      expect(headers?.['content-type']).toBe('text/html')
      expect(body).toMatch(/^<!DOCTYPE html>[\s\S]*<\/html>\n$/)
    }
  })
})

describe('error_after', () => {
  it('has nothing of the answer that the server gave', async () => {
    const stage = await setStage({limits: true})
    stage.sandbox.faults.arm({kind: 'error_after'})
    const {headers, body} = await post(stage, 'a')
    expect(headers).toMatchObject({'content-type': 'text/html', 'content-length': String(body?.length)})
    expect(headers).not.toHaveProperty('x-ratelimit-limit')
  })

  it('replaces an answer without a body, too', async () => {
    const stage = await setStage()
    await post(stage, 'a')
    stage.sandbox.faults.arm({kind: 'error_after'})
    const {token} = stage.alice
    expect(await exchange(stage.sandbox, 'DELETE', '/api/v1/messages/1', {token})).toMatchObject({
      status: 502,
    })
    expect(await stored(stage)).toEqual([])
  })
})

describe('truncate', () => {
  it('breaks JSON off in the middle', async () => {
    const stage = await setStage()
    const path = '/api/v1/rooms/1'
    const {token} = stage.alice
    const whole = await exchange(stage.sandbox, 'GET', path, {token})
    stage.sandbox.faults.arm({kind: 'truncate'})
    const half = await exchange(stage.sandbox, 'GET', path, {token})
    expect(half).toMatchObject({
      status: 200,
      isBroken: true,
      body: whole.body?.slice(0, whole.body.length / 2),
    })
    expect(half.headers).toMatchObject({'content-length': String(whole.body?.length), 'content-type': /json/})
  })

  it('breaks a download off', async () => {
    const stage = await setStage()
    const form = new FormData()
    form.append('room_id', '1')
    form.append('file', new Blob(['x'.repeat(300_000)]), 'a.txt')
    await stage.alice.post('/files/upload', form)
    const {token} = stage.alice
    for (const kind of ['truncate', 'reset_after', 'error_after'] as const) stage.sandbox.faults.arm({kind})
    const download = () => exchange(stage.sandbox, 'GET', '/api/v1/files/1/download', {token})
    const half = await download()
    expect(half).toMatchObject({status: 200, isBroken: true, headers: {'content-length': '300000'}})
    expect(half.body?.length).toBeGreaterThan(0)
    expect(half.body?.length).toBeLessThan(300_000)
    expect(await download()).toEqual({error: 'ECONNRESET'})
    expect(await download()).toMatchObject({status: 502, headers: {'content-type': 'text/html'}})
    expect(await download()).toMatchObject({status: 200, isBroken: false, body: 'x'.repeat(300_000)})
  })

  it('of an answer without a body is a reset', async () => {
    const stage = await setStage()
    await post(stage, 'a')
    stage.sandbox.faults.arm({kind: 'truncate'})
    const {token} = stage.alice
    expect(await exchange(stage.sandbox, 'DELETE', '/api/v1/messages/1', {token})).toEqual({
      error: 'ECONNRESET',
    })
  })
})

describe('hang', () => {
  it('leaves a call without an answer until it is cleared, and others go on', async () => {
    const stage = await setStage()
    stage.sandbox.faults.arm({kind: 'hang', durationMs: ENDLESS_MS})
    const hanging = post(stage, 'a')
    while (stage.sandbox.faults.counts().hang === 0) await exchange(stage.sandbox, 'GET', '/api/v1/users/me')
    expect((await post(stage, 'b')).status).toBe(201)
    stage.sandbox.faults.clear()
    expect(await hanging).toEqual({error: 'ECONNRESET'})
    expect(await stored(stage)).toEqual(['b'])
  })

  it('does not keep the sandbox from closing', async () => {
    const stage = await setStage()
    stage.sandbox.faults.arm({kind: 'hang', count: 2, durationMs: ENDLESS_MS})
    const hanging = [post(stage, 'a'), post(stage, 'b')]
    while (stage.sandbox.faults.counts().hang < 2) await exchange(stage.sandbox, 'GET', '/api/v1/users/me')
    await stage.sandbox.close()
    expect(await Promise.all(hanging)).toEqual([{error: 'ECONNRESET'}, {error: 'ECONNRESET'}])
  })

  it('of an upload takes none of it', async () => {
    const {sandbox, alice} = await setStage()
    sandbox.faults.arm({kind: 'hang', durationMs: 20})
    const form = new FormData()
    form.append('room_id', '1')
    form.append('file', new Blob(['x'.repeat(3_000_000)]), 'a.txt')
    await expect(alice.post('/files/upload', form)).rejects.toThrow('fetch failed')
    expect((await alice.get('/files/1/download')).status).toBe(404)
  })
})

describe('which calls', () => {
  it('is every one, sign-in, renewal, unknown routes and /health too', async () => {
    const sandbox = await start()
    const paths = ['/api/v1/auth/login', '/api/v1/auth/refresh', '/api/v1/nothing', '/health']
    for (const path of paths) {
      sandbox.faults.arm({kind: 'html'})
      expect(await exchange(sandbox, path === '/health' ? 'GET' : 'POST', path)).toMatchObject({
        headers: {'content-type': 'text/html'},
      })
    }
  })

  it('is said by method and path', async () => {
    const stage = await setStage()
    stage.sandbox.faults.arm({kind: 'html', method: 'POST', path: '/rooms/1/messages'})
    expect((await exchange(stage.sandbox, 'POST', '/api/v1/rooms', {})).status).toBe(401)
    expect(await stored(stage)).toEqual([])
    expect((await post(stage, 'a')).status).toBe(502)
  })

  it('is a WebSocket handshake only when /ws is named', async () => {
    const stage = await setStage()
    const {sandbox} = stage
    sandbox.faults.arm({kind: 'html'})
    await connect(sandbox)
    expect((await post(stage, 'a')).status).toBe(502)
    for (const kind of ['rate_limit', 'html', 'reset_before'] as const)
      sandbox.faults.arm({kind, path: '/ws'})
    expect((await post(stage, 'a')).status).toBe(201)
    const handshake = () =>
      new Promise(resolve => {
        const socket = new WebSocket(`${sandbox.url.replace('http', 'ws')}/ws`)
        later(() => socket.terminate())
        socket.on('open', () => resolve('open'))
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
        socket.on('unexpected-response', (_request, answer) => {
          resolve([answer.statusCode, answer.headers['retry-after']])
          answer.resume()
        })
      })
    expect(await handshake()).toEqual([429, '1'])
    // The second page of this run: the first was for a call.
    expect(await handshake()).toEqual([503, undefined])
    expect(await handshake()).toBe('ECONNRESET')
    expect(await handshake()).toBe('open')
  })
})

describe('by ratio', () => {
  async function run(faultSeed: number): Promise<unknown[]> {
    const sandbox = await start({
      faultSeed,
      faults: [
        {kind: 'html', ratio: 0.2},
        {kind: 'reset_before', ratio: 0.2},
        {kind: 'rate_limit', ratio: 0.2},
      ],
    })
    const outcomes: unknown[] = []
    for (let count = 0; count < 40; count += 1) {
      const {status, error} = await exchange(sandbox, 'GET', '/health')
      outcomes.push(status ?? error)
    }
    return outcomes
  }

  it('the same seed gives the same again, another one does not', async () => {
    const [first, again, other] = [await run(7), await run(7), await run(8)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    for (const outcome of [200, 429, 502, 503, 'ECONNRESET']) expect(first).toContain(outcome)
  })
})

it('a connection that was kept serves on after an answer from a proxy', async () => {
  const sandbox = await start({faults: [{kind: 'html'}, {kind: 'rate_limit'}]})
  const agent = new Agent({keepAlive: true, maxSockets: 1})
  later(() => agent.destroy())
  const statuses: unknown[] = []
  for (let count = 0; count < 3; count += 1)
    statuses.push((await exchange(sandbox, 'GET', '/health', {agent})).status)
  expect(statuses).toEqual([502, 429, 200])
  expect((await call(sandbox, 'GET', '/rooms')).status).toBe(401)
})
