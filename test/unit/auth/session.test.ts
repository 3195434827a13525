import {describe, expect, it, vi} from 'vitest'
import type {TokenGrant} from '../../../src/contract/resources.js'
import {apiKeySource, bearerSource, Session} from '../../../src/lib/auth/session.js'
import type {TokenSet} from '../../../src/lib/auth/token-set.js'
import {memoryVault} from '../../../src/lib/auth/token-vault.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {FakeVault, grant, NOW_MS, signedOut, unreachable} from './fakes.js'

const tokensFor = (leftMs: number | undefined, name = '0'): TokenSet => ({
  accessToken: `access-${name}`,
  refreshToken: `refresh-${name}`,
  expiresAtMs: leftMs === undefined ? undefined : NOW_MS + leftMs,
})

/** A session over a vault, with a refresh that gives `access-1`, `access-2`, ... and a clock that a test moves. */
function setUp(held: TokenSet | undefined, answer?: (refreshToken: string) => Promise<TokenGrant>) {
  const vault = new FakeVault(held)
  const clock = {nowMs: NOW_MS}
  let count = 0
  const refresh = vi.fn(answer ?? (async () => grant(`${++count}`)))
  const session = new Session({vault, refresh, now: () => clock.nowMs})
  return {vault, clock, refresh, session}
}

const bearer = (name: string) => ({authorization: `Bearer access-${name}`})

async function errorOf(call: Promise<unknown>): Promise<VezaError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(VezaError)
  return error as VezaError
}

describe('a token that is still good', () => {
  it.each([
    ['for 15 minutes', 900_000],
    ['for 30 s exactly', 30_000],
    ['for as long as nobody says otherwise', undefined],
  ])('%s is handed out as it is', async (_, leftMs) => {
    const {session, refresh} = setUp(tokensFor(leftMs))
    expect(await session.headers()).toEqual(bearer('0'))
    expect(refresh).not.toHaveBeenCalled()
  })

  it('is loaded once', async () => {
    const {session, vault} = setUp(tokensFor(900_000))
    await session.headers()
    await session.headers()
    expect(vault.loads).toBe(1)
  })
})

describe('a token that ends soon', () => {
  it.each([29_999, 0, -86_400_000])('is renewed with %i ms left', async leftMs => {
    const {session, refresh, vault} = setUp(tokensFor(leftMs))
    expect(await session.headers()).toEqual(bearer('1'))
    expect(refresh.mock.calls.map(([token]) => token)).toEqual(['refresh-0'])
    expect(vault.held).toMatchObject({refreshToken: 'refresh-1', expiresAtMs: NOW_MS + 900_000})
  })

  it('is renewed when the clock says so, each time with the newest refresh token', async () => {
    const {session, refresh, clock} = setUp(tokensFor(31_000))
    expect(await session.headers()).toEqual(bearer('0'))
    clock.nowMs += 1001
    expect(await session.headers()).toEqual(bearer('1'))
    clock.nowMs += 870_000
    expect(await session.headers()).toEqual(bearer('1'))
    clock.nowMs += 1
    expect(await session.headers()).toEqual(bearer('2'))
    expect(refresh.mock.calls.map(([token]) => token)).toEqual(['refresh-0', 'refresh-1'])
  })

  it('keeps its refresh token and user where the answer has none', async () => {
    const user = {id: 7, username: 'ann'}
    const answer = async (): Promise<TokenGrant> => ({access_token: 'access-1', expires_in: 900})
    const {session, vault} = setUp({...tokensFor(0), user}, answer)
    await session.headers()
    expect(vault.held).toMatchObject({accessToken: 'access-1', refreshToken: 'refresh-0', user})
  })

  it('is renewed once for all who ask at once', async () => {
    const {session, refresh, vault} = setUp(tokensFor(0))
    const all = await Promise.all(Array.from({length: 50}, () => session.headers()))
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(vault.saved).toHaveLength(1)
    expect(new Set(all.map(headers => headers.authorization))).toEqual(new Set(['Bearer access-1']))
  })

  it('is renewed once for 50 who were refused at once', async () => {
    const {session, refresh} = setUp(tokensFor(900_000))
    const used = await session.headers()
    const all = await Promise.all(Array.from({length: 50}, () => session.renew(used)))
    expect(new Set(all)).toEqual(new Set([true]))
    expect(refresh).toHaveBeenCalledTimes(1)
  })
})

describe('the rotated refresh token', () => {
  it('is safe before anybody has the new access token', async () => {
    const log: string[] = []
    const vault = new FakeVault(tokensFor(0), log)
    const session = new Session({vault, refresh: async () => grant('1'), now: () => NOW_MS})
    await Promise.all(
      [1, 2].map(async nth => log.push(`${nth} has ${(await session.headers()).authorization}`)),
    )
    expect(log).toEqual([
      'locked',
      'saving refresh-1',
      'saved refresh-1',
      'unlocked',
      '1 has Bearer access-1',
      '2 has Bearer access-1',
    ])
  })

  it('that cannot be kept fails the call with the reason', async () => {
    const {session, vault} = setUp(tokensFor(0))
    vault.save = async () => {
      throw new VezaError('config', 'cannot write (ENOSPC)')
    }
    expect((await errorOf(session.headers())).code).toBe('config')
  })
})

describe('a renewal that fails on the way', () => {
  it.each(['unreachable', 'server_error', 'rate_limited', 'timeout', 'not_protocol', 'interrupted'] as const)(
    'with %s deletes and loses nothing',
    async code => {
      const failure = new VezaError(code, 'on the way')
      let fails = true
      const {session, vault} = setUp(tokensFor(0), async () => {
        if (fails) throw failure
        return grant('1')
      })
      expect(await errorOf(session.headers())).toBe(failure)
      expect(vault.held).toEqual(tokensFor(0))
      expect(vault.saved).toEqual([])

      fails = false
      expect(await session.headers()).toEqual(bearer('1'))
    },
  )

  it('does not sign in instead', async () => {
    const {session, vault} = setUp(tokensFor(0), () => Promise.reject(unreachable()))
    vault.signIn = () => Promise.reject(new Error('must not be called'))
    expect((await errorOf(session.headers())).code).toBe('unreachable')
  })

  it('fails all who waited for it, and the next one asks anew', async () => {
    const {session, refresh} = setUp(tokensFor(0), () => Promise.reject(unreachable()))
    const all = await Promise.allSettled([session.headers(), session.headers()])
    expect(all.map(({status}) => status)).toEqual(['rejected', 'rejected'])
    expect(refresh).toHaveBeenCalledTimes(1)
    await errorOf(session.headers())
    expect(refresh).toHaveBeenCalledTimes(2)
  })

  it('passes a defect of ours on as it is', async () => {
    const defect = new TypeError('x is not a function')
    const {session} = setUp(tokensFor(0), () => Promise.reject(defect))
    await expect(session.headers()).rejects.toBe(defect)
  })
})

describe("a server's no to the refresh token", () => {
  it.each(['signed_out', 'forbidden', 'refused'] as const)(
    '(%s) ends the session, with advice',
    async code => {
      const {session, vault} = setUp(tokensFor(0), () =>
        Promise.reject(new VezaError(code, 'no', {serverCode: 'X'})),
      )
      const error = await errorOf(session.headers())
      expect([error.code, error.message]).toEqual(['signed_out', 'the session is over'])
      expect(error.hint).toContain('veza auth login')
      expect(vault.saved).toEqual([])
      expect(vault.held).toBeUndefined()
    },
  )

  it.each(['forbidden', 'refused'] as const)('(%s) without a code is that of a proxy', async code => {
    const failure = new VezaError(code, 'no', {status: 403})
    const {session, vault} = setUp(tokensFor(0), () => Promise.reject(failure))
    expect(await errorOf(session.headers())).toBe(failure)
    expect(vault.held).toEqual(tokensFor(0))
  })

  it('makes us use what another process has renewed in the meantime', async () => {
    const renewed = tokensFor(900_000, 'elsewhere')
    const {session, vault, refresh} = setUp(tokensFor(0), async () => {
      vault.held = renewed
      throw signedOut()
    })
    expect(await session.headers()).toEqual(bearer('elsewhere'))
    expect(await session.headers()).toEqual(bearer('elsewhere'))
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(vault.held).toBe(renewed)
  })

  it('makes a vault that knows the password sign in again', async () => {
    let signIns = 0
    const vault = memoryVault(undefined, async () => tokensFor(900_000, `in-${++signIns}`))
    const clock = {nowMs: NOW_MS}
    const refresh = vi.fn(() => Promise.reject(signedOut()))
    const session = new Session({vault, refresh, now: () => clock.nowMs})

    const both = await Promise.all([session.headers(), session.headers()])
    expect(both).toEqual([bearer('in-1'), bearer('in-1')])
    expect(refresh).not.toHaveBeenCalled()
    expect((await vault.load())?.accessToken).toBe('access-in-1')

    clock.nowMs += 900_000
    expect(await session.headers()).toEqual(bearer('in-2'))
    expect(refresh).toHaveBeenCalledTimes(1)
  })
})

describe('no session', () => {
  it('is told with the way to get one', async () => {
    const {session, refresh} = setUp(undefined)
    const error = await errorOf(session.headers())
    expect([error.code, error.exitCode, error.hint]).toEqual(['signed_out', 4, 'run: veza auth login'])
    expect(refresh).not.toHaveBeenCalled()
  })

  it('is noticed once there is one', async () => {
    const {session, vault} = setUp(undefined)
    await errorOf(session.headers())
    vault.held = tokensFor(900_000)
    expect(await session.headers()).toEqual(bearer('0'))
  })
})

describe('after a 401', () => {
  it('renews a token that seemed good', async () => {
    const {session, refresh} = setUp(tokensFor(900_000))
    const used = await session.headers()
    expect(await session.renew(used)).toBe(true)
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(await session.headers()).toEqual(bearer('1'))
  })

  it('does not renew again what was renewed since', async () => {
    const {session, refresh} = setUp(tokensFor(900_000))
    const used = await session.headers()
    await session.renew(used)
    expect(await session.renew(used)).toBe(true)
    expect(refresh).toHaveBeenCalledTimes(1)
  })

  it('says false where the server gives the same token again', async () => {
    const {session} = setUp(tokensFor(900_000), async () => grant('0'))
    expect(await session.renew(await session.headers())).toBe(false)
  })

  it('says that the session is over where the server says so', async () => {
    const {session} = setUp(tokensFor(900_000), () => Promise.reject(signedOut()))
    const used = await session.headers()
    expect((await errorOf(session.renew(used))).message).toBe('the session is over')
  })

  it('fails with the fault where the server cannot be asked', async () => {
    const {session, vault} = setUp(tokensFor(900_000), () => Promise.reject(unreachable()))
    const used = await session.headers()
    expect((await errorOf(session.renew(used))).code).toBe('unreachable')
    expect(vault.held).toEqual(tokensFor(900_000))
  })
})

describe('an error of a session', () => {
  it('never holds a token', async () => {
    const {session} = setUp(tokensFor(0), () => Promise.reject(signedOut()))
    const error = await errorOf(session.headers())
    expect(JSON.stringify({...error, message: error.message})).not.toMatch(/access-|refresh-/)
  })
})

describe('apiKeySource', () => {
  it('sends the key as it is and has nothing to renew', async () => {
    const source = apiKeySource('veza_ak_1')
    expect(await source.headers()).toEqual({'x-api-key': 'veza_ak_1'})
    expect(await source.renew(await source.headers())).toBe(false)
  })
})

describe('bearerSource', () => {
  it('sends the token as it is and has nothing to renew', async () => {
    const source = bearerSource('given')
    expect(await source.headers()).toEqual({authorization: 'Bearer given'})
    expect(await source.renew(await source.headers())).toBe(false)
  })
})
