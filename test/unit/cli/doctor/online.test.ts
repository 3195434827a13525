import {afterEach, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {apiKeySource, bearerSource, Session} from '../../../../src/lib/auth/session.js'
import type {TokenSet} from '../../../../src/lib/auth/token-set.js'
import {memoryVault} from '../../../../src/lib/auth/token-vault.js'
import {checkSession} from '../../../../src/lib/cli/doctor/session.js'
import {checkWebSocket} from '../../../../src/lib/cli/doctor/websocket.js'
import {DEFINITIONS, SETTING_NAMES, type Settings} from '../../../../src/lib/config/settings.js'
import {startWsStub, type WsStub} from '../../../support/ws-stub.js'
import {NOW_MS} from '../../auth/fakes.js'

const never = new AbortController().signal
const defaults = Object.fromEntries(
  SETTING_NAMES.map(name => [name, DEFINITIONS[name].fallback]),
) as unknown as Settings

describe('the WebSocket', () => {
  let stub: WsStub
  beforeEach(async () => {
    stub = await startWsStub()
  })
  afterEach(() => stub.stop())

  const check = (tokens = bearerSource('t0ken'), signal = never) =>
    checkWebSocket(
      {
        settings: {...defaults, server: stub.url.replace(/^ws/, 'http').replace(/\/ws$/, '')},
        tokens,
        network: {agentFor: async () => undefined},
      },
      signal,
    )

  test.each([true, false])('authenticates, gets its pong and closes; acknowledgements: %s', async acks => {
    stub.behaviour.acks = acks
    expect(await check()).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/^authenticated, a ping answered, \d+ ms$/),
    })
    const client = await stub.client(0)
    expect(client.headers.authorization).toBe('Bearer t0ken')
    expect(client.frames).toEqual([{type: 'authenticate', data: {token: 't0ken'}}])
    expect((await client.closed).code).toBe(1000)
  })

  test('an API key goes with the handshake', async () => {
    expect((await check(apiKeySource('k3y'))).status).toBe('ok')
    const client = await stub.client(0)
    expect(client.headers['x-api-key']).toBe('k3y')
    expect(client.frames).toEqual([])
  })

  test('a session that is refused is signed_out, and the token is not repeated', async () => {
    stub.behaviour.onFrame = client => {
      client.send('auth_error', {code: 'INVALID_TOKEN', message: 'over'})
      return true
    }
    const error = await check().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({code: 'signed_out', serverCode: 'INVALID_TOKEN'})
    expect(String(error)).not.toContain('t0ken')
  })

  test('a handshake that is refused says with what', async () => {
    stub.behaviour.refusal = {status: 404}
    await expect(check()).rejects.toMatchObject({code: 'not_protocol', status: 404})
  })

  test('a connection that is cut is unreachable', async () => {
    stub.behaviour.onFrame = client => {
      client.drop()
      return true
    }
    await expect(check()).rejects.toMatchObject({code: 'unreachable'})
  })

  test('a server that answers no ping is waited for no longer than the check', async () => {
    const mute = await startWsStub({autoPong: false})
    onTestFinished(() => mute.stop())
    stub = mute
    const ending = new AbortController()
    const running = check(bearerSource('t0ken'), ending.signal)
    await (await mute.client(0)).received('authenticate')
    ending.abort(new Error('time is up'))
    await expect(running).rejects.toThrow('time is up')
    expect((await (await mute.client(0)).closed).code).toBe(1000)
  })
})

describe('the session', () => {
  const check = (tokens: TokenSet) => {
    const refresh = () => Promise.reject(new Error('nothing here renews'))
    const session = new Session({vault: memoryVault(tokens), refresh, now: () => NOW_MS})
    return checkSession({place: 'a test', tokens: session, session}, NOW_MS, never)
  }
  const inTenMinutes = NOW_MS + 600_000

  test('that can be renewed is well', async () => {
    const verdict = await check({accessToken: 't0ken', refreshToken: 'r3fresh', expiresAtMs: inTenMinutes})
    expect(verdict).toEqual({
      status: 'ok',
      detail: 'a test; the access token ends in 10 min, at 2026-03-01T12:10:00.000Z, then it is renewed',
    })
  })

  test('that cannot be renewed is a warning', async () => {
    expect(await check({accessToken: 't0ken', expiresAtMs: inTenMinutes})).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/10 min, .*, and cannot be renewed$/),
    })
    expect(await check({accessToken: 't0ken'})).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/does not say when/),
    })
  })

  test('that is over is signed_out', async () => {
    const over = check({accessToken: 't0ken', expiresAtMs: NOW_MS - 1})
    await expect(over).rejects.toMatchObject({
      code: 'signed_out',
      message: expect.stringMatching(/ended at 2026-03-01T11:59:59.999Z/),
    })
  })

  test('by an API key has no end that is known here', async () => {
    const opened = {place: 'a test', tokens: apiKeySource('k3y'), session: undefined}
    expect(await checkSession(opened, NOW_MS, never)).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/^a test; an API key/),
    })
  })
})
