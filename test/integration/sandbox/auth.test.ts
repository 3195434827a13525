import {createHmac} from 'node:crypto'

import {describe, expect, it} from 'vitest'

import {totpCode} from '../../../src/sandbox/totp.js'
import {call, connect, signIn, start} from './support.js'

const login = {username: 'alice', password: 'alice-pass'}
const MINUTE = 60_000

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

describe('POST /auth/login', () => {
  it('answers in the envelope in the reference dialect', async () => {
    const sandbox = await start()
    const reply = await call(sandbox, 'POST', '/auth/login', {body: login})
    expect(reply).toMatchObject({
      status: 200,
      body: {success: true},
      data: {
        access_token: expect.any(String),
        refresh_token: expect.any(String),
        expires_in: 900,
        user: {id: 2, username: 'alice', role: 'user', email: 'alice@example.com'},
      },
    })
    expect(reply.data.user).toHaveProperty('created_at')
  })

  it('answers bare in the guide dialect', async () => {
    const sandbox = await start({dialect: 'guide', tokenTtlSeconds: 60})
    const {body} = await call(sandbox, 'POST', '/auth/login', {body: login})
    expect(body).toMatchObject({access_token: expect.any(String), expires_in: 60, user: {username: 'alice'}})
    expect(body).not.toHaveProperty('success')
  })

  it('puts the claims of the contract in the token, and knows the four users', async () => {
    const sandbox = await start({now: () => 1_700_000_000_500})
    for (const [index, name] of ['admin', 'alice', 'bob', 'bot'].entries()) {
      const {token} = await signIn(sandbox, name)
      expect(claimsOf(token)).toMatchObject({
        sub: String(index + 1),
        username: name,
        role: name === 'admin' ? 'admin' : 'user',
        permissions: expect.arrayContaining(['read', 'write']),
        iat: 1_700_000_000,
        exp: 1_700_000_900,
        jti: expect.any(String),
      })
    }
  })

  it('refuses a wrong password, an unknown user and a missing field', async () => {
    const sandbox = await start()
    const wrong = await call(sandbox, 'POST', '/auth/login', {body: {...login, password: 'bob-pass'}})
    expect(wrong).toMatchObject({status: 401, error: {code: 'INVALID_CREDENTIALS'}})
    const unknown = await call(sandbox, 'POST', '/auth/login', {body: {...login, username: 'eve'}})
    expect(unknown.status).toBe(401)
    const missing = await call(sandbox, 'POST', '/auth/login', {body: {username: 'alice'}})
    expect(missing).toMatchObject({
      status: 422,
      error: {code: 'VALIDATION_FAILED', details: {field: 'password'}},
    })
  })
})

describe('access tokens', () => {
  it('refuses none, a forged one, one without signature and one that is over', async () => {
    let now = 1_000_000_000_000
    const sandbox = await start({now: () => now})
    const {token} = await signIn(sandbox, 'alice')
    const [header = '', payload = ''] = token.split('.')
    const forged = createHmac('sha256', 'guess').update(`${header}.${payload}`).digest('base64url')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    for (const bad of [
      undefined,
      `${header}.${payload}.${forged}`,
      `${none}.${payload}.`,
      'x',
      `${token}.x`,
    ]) {
      const reply = await call(sandbox, 'GET', '/users/me', {token: bad})
      expect(reply).toMatchObject({status: 401, error: {code: 'INVALID_TOKEN'}})
    }
    now += 15 * MINUTE - 1
    expect((await call(sandbox, 'GET', '/users/me', {token})).status).toBe(200)
    now += 1
    expect((await call(sandbox, 'GET', '/users/me', {token})).status).toBe(401)
  })
})

describe.each(['reference', 'guide'] as const)('POST /auth/refresh (%s)', dialect => {
  const grantOf = (reply: {data: unknown; body: unknown}) => reply.data ?? reply.body

  it('rotates, and ends the whole family when an old token is used again', async () => {
    const sandbox = await start({dialect})
    const refresh = (token: unknown) => call(sandbox, 'POST', '/auth/refresh', {body: {refresh_token: token}})
    const first = (await call(sandbox, 'POST', '/auth/login', {body: login})) as never
    const {refresh_token: one} = grantOf(first) as {refresh_token: string}
    const second = await refresh(one)
    expect(second.status).toBe(200)
    const {refresh_token: two, access_token: access} = grantOf(second) as Record<string, string>
    expect(two).not.toBe(one)
    expect((await call(sandbox, 'GET', '/users/me', {token: access})).status).toBe(200)
    expect(await refresh(one)).toMatchObject({status: 401, error: {code: 'INVALID_TOKEN'}})
    expect(await refresh(two)).toMatchObject({status: 401, error: {code: 'INVALID_TOKEN'}})
  })

  it('lasts seven days', async () => {
    let now = 0
    const sandbox = await start({dialect, now: () => now})
    const {refresh_token} = grantOf(await call(sandbox, 'POST', '/auth/login', {body: login})) as never
    now = 7 * 24 * 60 * MINUTE
    const late = await call(sandbox, 'POST', '/auth/refresh', {body: {refresh_token}})
    expect(late.status).toBe(401)
  })
})

it('POST /auth/logout ends the session, both its tokens', async () => {
  const sandbox = await start()
  const {data} = await call(sandbox, 'POST', '/auth/login', {body: login})
  const token = String(data.access_token)
  expect((await call(sandbox, 'POST', '/auth/logout', {token})).status).toBe(204)
  expect((await call(sandbox, 'GET', '/users/me', {token})).status).toBe(401)
  const again = await call(sandbox, 'POST', '/auth/refresh', {body: {refresh_token: data.refresh_token}})
  expect(again.status).toBe(401)
})

describe('POST /auth/api-keys', () => {
  it('makes a key that works in X-API-Key and on the WebSocket', async () => {
    const sandbox = await start()
    const alice = await signIn(sandbox, 'alice')
    const {status, data} = await alice.post('/auth/api-keys', {name: 'ci'})
    expect(status).toBe(201)
    const headers = {'x-api-key': String(data.key)}
    expect(headers['x-api-key']).toMatch(/^veza_ak_/)
    const me = await call(sandbox, 'GET', '/users/me', {headers})
    expect(me.data).toMatchObject({username: 'alice'})
    const client = await connect(sandbox, headers)
    expect(await client.next('auth_success')).toMatchObject({username: 'alice'})
  })

  it('honours permissions, the end of its life and the addresses', async () => {
    let now = 1_000_000_000_000
    const sandbox = await start({now: () => now})
    const alice = await signIn(sandbox, 'alice')
    const make = async (body: object) => String((await alice.post('/auth/api-keys', body)).data.key)
    const use = async (key: string, method = 'GET') => {
      const body = method === 'POST' ? {content: 'x'} : undefined
      const reply = await call(sandbox, method, '/rooms/1/messages', {headers: {'x-api-key': key}, body})
      return reply.status
    }
    const reader = await make({name: 'r', permissions: ['read:messages']})
    expect([await use(reader), await use(reader, 'POST')]).toEqual([200, 403])
    const client = await connect(sandbox, {'x-api-key': reader})
    client.send('send_message', {room_id: 1, content: 'x'})
    client.send('get_history', {room_id: 1})
    await client.next('auth_success')
    expect(await client.next('error')).toMatchObject({code: 'PERMISSION_DENIED'})
    expect(await client.next('room_history')).toMatchObject({messages: []})
    const brief = await make({name: 'b', expires_at: new Date(now + MINUTE).toISOString()})
    expect(await use(brief)).toBe(200)
    now += MINUTE
    expect(await use(brief)).toBe(401)
    expect(await use(await make({name: 'e', ip_whitelist: ['10.0.0.1']}))).toBe(403)
    expect(await use(await make({name: 'h', ip_whitelist: ['127.0.0.1']}))).toBe(200)
    expect(await use('veza_ak_guess')).toBe(401)
  })
})

describe('POST /auth/2fa/enable', () => {
  it('makes a sign-in need the code of now, or a backup code, once', async () => {
    let now = 1_000_000_000_000
    const sandbox = await start({now: () => now})
    const alice = await signIn(sandbox, 'alice')
    const {data} = await alice.post('/auth/2fa/enable', {backup_codes: true})
    expect(data).toMatchObject({secret: expect.any(String), qr_code: expect.stringMatching(/^data:image\//)})
    const secret = String(data.secret)
    const enter = async (totp_code?: string) =>
      (await call(sandbox, 'POST', '/auth/login', {body: {...login, totp_code}})).error?.code ?? 'in'
    expect(await enter()).toBe('TOTP_REQUIRED')
    expect(await enter('000000')).toBe('INVALID_TOTP')
    expect(await enter(totpCode(secret, now))).toBe('in')
    const code = totpCode(secret, now)
    now += 30_000
    expect(await enter(code)).toBe('in')
    now += 60_000
    expect(await enter(code)).toBe('INVALID_TOTP')
    const backup = String(data.backup_codes?.[0])
    expect(await enter(backup)).toBe('in')
    expect(await enter(backup)).toBe('INVALID_TOTP')
  })

  it('computes the codes of RFC 6238', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    expect(totpCode(secret, 59_000)).toBe('287082')
    expect(totpCode(secret, 1_111_111_109_000)).toBe('081804')
  })
})
