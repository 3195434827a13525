import {describe, expect, it, vi} from 'vitest'
import type {TokenGrant} from '../../../src/contract/resources.js'
import {Session} from '../../../src/lib/auth/session.js'
import type {TokenSet} from '../../../src/lib/auth/token-set.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {FakeVault, grant, jwt, NOW_MS, signedOut, unreachable} from './fakes.js'

const HOUR_MS = 3_600_000
const tokens = (leftMs: number, name = '0'): TokenSet => ({
  accessToken: `access-${name}`,
  refreshToken: `refresh-${name}`,
  expiresAtMs: NOW_MS + leftMs,
})
const bearer = (name: string) => ({authorization: `Bearer ${name}`})

/** A server that rotates: each refresh token is good once, the second use ends the session. */
function rotatingServer(first = 'refresh-0') {
  const state = {good: first, isOver: false, rotations: 0}
  const refresh = vi.fn(async (token: string): Promise<TokenGrant> => {
    if (state.isOver || token !== state.good) {
      state.isOver = true
      throw signedOut()
    }
    state.rotations += 1
    state.good = `refresh-${state.rotations}`
    return grant(`${state.rotations}`)
  })
  return {state, refresh}
}

const sessionOver = (vault: FakeVault, refresh: (token: string) => Promise<TokenGrant>, skewMs = 0) =>
  new Session({vault, refresh, now: () => NOW_MS, skewMs: () => skewMs})

const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )

describe('a refresh token that the server refuses', () => {
  it('stays where a 401 has no code of the server: that is a proxy', async () => {
    const vault = new FakeVault(tokens(0))
    const refusal = new VezaError('signed_out', 'the answer is HTML', {status: 401})
    const session = sessionOver(vault, () => Promise.reject(refusal))
    expect(await errorOf(session.headers())).toBe(refusal)
    expect(vault.held).toEqual(tokens(0))
  })

  it('is given up where the vault still has it', async () => {
    const vault = new FakeVault(tokens(0))
    const session = sessionOver(vault, () => Promise.reject(signedOut()))
    expect(await errorOf(session.tokens())).toMatchObject({
      code: 'signed_out',
      message: 'the session is over',
    })
    expect(vault.held).toBeUndefined()
    expect(vault.log).toEqual(['locked', 'forgotten', 'unlocked'])
  })

  it('is not given up where somebody has renewed in the meantime', async () => {
    const vault = new FakeVault(tokens(0))
    const session = sessionOver(vault, async () => {
      vault.held = tokens(HOUR_MS, 'theirs')
      throw signedOut()
    })
    expect((await session.tokens()).accessToken).toBe('access-theirs')
    expect(vault.held).toEqual(tokens(HOUR_MS, 'theirs'))
    expect(vault.log).not.toContain('forgotten')
  })

  it('ends the session though the vault cannot remove it', async () => {
    const vault = new FakeVault(tokens(0))
    vault.forget = () => Promise.reject(new VezaError('config', 'cannot remove (EROFS)'))
    const session = sessionOver(vault, () => Promise.reject(signedOut()))
    expect(await errorOf(session.tokens())).toMatchObject({
      code: 'signed_out',
      message: 'the session is over',
    })
  })
})

describe('tokens that cannot be kept', () => {
  it('stay in memory, since the old refresh token is spent', async () => {
    const vault = new FakeVault(tokens(0))
    const {refresh, state} = rotatingServer()
    const session = sessionOver(vault, refresh)
    const {save} = vault
    vault.save = () => Promise.reject(new VezaError('config', 'cannot write (ENOSPC)'))
    expect(await errorOf(session.tokens())).toMatchObject({code: 'config'})
    expect(await session.headers()).toEqual(bearer('access-1'))

    expect(await errorOf(session.forceRenewal())).toMatchObject({code: 'config'})
    vault.save = save
    expect(await session.renew(await session.headers())).toBe(true)
    expect(state).toMatchObject({isOver: false, rotations: 3})
    expect(vault.held?.refreshToken).toBe('refresh-3')
  })

  it('give way to those that another process has got since', async () => {
    const vault = new FakeVault(tokens(0))
    const session = sessionOver(vault, rotatingServer().refresh)
    vault.save = () => Promise.reject(new VezaError('config', 'cannot write (ENOSPC)'))
    await errorOf(session.tokens())
    vault.held = tokens(HOUR_MS, 'theirs')
    expect(await session.renew(await session.headers())).toBe(true)
    expect(await session.headers()).toEqual(bearer('access-theirs'))
  })

  it('are given up, too, when the server refuses them', async () => {
    const vault = new FakeVault(tokens(0))
    const {refresh, state} = rotatingServer()
    const session = sessionOver(vault, refresh)
    vault.save = () => Promise.reject(new VezaError('config', 'cannot write (ENOSPC)'))
    await errorOf(session.tokens())
    state.isOver = true
    expect(await errorOf(session.renew(await session.headers()))).toMatchObject({code: 'signed_out'})
    expect(refresh).toHaveBeenCalledTimes(2)
    expect(vault.held).toBeUndefined()
  })
})

describe('an abort', () => {
  it('ends the wait of one who asked and not the renewal, which the others get', async () => {
    const vault = new FakeVault(tokens(0))
    let answer: (grant: TokenGrant) => void = () => {}
    const asked = new Promise<void>(resolve => {
      answer = () => resolve()
    })
    const refresh = vi.fn(() => {
      answer(grant('1'))
      return new Promise<TokenGrant>(resolve => {
        answer = resolve
      })
    })
    const session = sessionOver(vault, refresh)
    const controller = new AbortController()
    const reason = new Error('Ctrl-C')
    const impatient = errorOf(session.tokens(controller.signal))
    const patient = session.headers()
    await asked
    controller.abort(reason)
    expect(await impatient).toBe(reason)

    const settled = session.settled()
    answer(grant('1'))
    await settled
    expect(await patient).toEqual(bearer('access-1'))
    expect(vault.held?.refreshToken).toBe('refresh-1')
    expect(refresh).toHaveBeenCalledTimes(1)
  })

  it('from before asks nobody for a wait', async () => {
    const session = sessionOver(new FakeVault(tokens(0)), rotatingServer().refresh)
    expect(await errorOf(session.tokens(AbortSignal.abort('early')))).toBe('early')
  })

  it('leaves a token that is good alone', async () => {
    const session = sessionOver(new FakeVault(tokens(HOUR_MS)), rotatingServer().refresh)
    expect((await session.tokens(AbortSignal.abort('early'))).accessToken).toBe('access-0')
  })
})

describe('a vault that cannot be read', () => {
  it('fails the call, and is asked again by the next', async () => {
    const vault = new FakeVault(tokens(HOUR_MS))
    const session = sessionOver(vault, rotatingServer().refresh)
    const {load} = vault
    vault.load = () => Promise.reject(new VezaError('config', 'no answer within 3 s'))
    expect(await errorOf(session.headers())).toMatchObject({code: 'config'})
    vault.load = load
    expect(await session.headers()).toEqual(bearer('access-0'))
  })
})

describe('a token that cannot be renewed', () => {
  it.each([29_000, 0, -HOUR_MS])('is used with %i ms left by our clock', async leftMs => {
    const vault = new FakeVault({accessToken: 'alone', expiresAtMs: NOW_MS + leftMs})
    const refresh = vi.fn()
    const session = sessionOver(vault, refresh)
    expect(await session.headers()).toEqual(bearer('alone'))
    expect(refresh).not.toHaveBeenCalled()
  })

  it('is over when the server says so, and is not deleted: there is nothing to ask', async () => {
    const vault = new FakeVault({accessToken: 'alone', expiresAtMs: NOW_MS})
    const session = sessionOver(vault, vi.fn())
    const used = await session.headers()
    expect(await errorOf(session.renew(used))).toMatchObject({message: 'the session is over'})
    expect(vault.held?.accessToken).toBe('alone')
  })
})

describe('a reply that is lost', () => {
  it("ends in one clear 'sign in again', never in a loop", async () => {
    const vault = new FakeVault(tokens(0))
    const server = rotatingServer()
    const loses = vi.fn(async (token: string): Promise<TokenGrant> => {
      await server.refresh(token)
      throw unreachable()
    })
    expect(await errorOf(sessionOver(vault, loses).tokens())).toMatchObject({code: 'unreachable'})
    expect(vault.held).toEqual(tokens(0))

    // The next command knows only the spent token.
    const next = sessionOver(vault, server.refresh)
    const error = await errorOf(next.tokens())
    expect(error).toMatchObject({code: 'signed_out', exitCode: 4, hint: 'sign in again: veza auth login'})
    expect(server.refresh).toHaveBeenCalledTimes(2)
    expect(vault.held).toBeUndefined()

    // And those after it do not ask the server at all.
    expect(await errorOf(next.tokens())).toMatchObject({code: 'signed_out'})
    expect(await errorOf(sessionOver(vault, server.refresh).tokens())).toMatchObject({
      message: 'not signed in',
    })
    expect(server.refresh).toHaveBeenCalledTimes(2)
  })
})

describe('many processes with one stored session', () => {
  it('renew it once between them', async () => {
    const {refresh, state} = rotatingServer()
    const vault = new FakeVault(tokens(0))
    let last: Promise<unknown> = Promise.resolve()
    vault.exclusively = <T>(work: () => Promise<T>): Promise<T> => {
      const mine = last.then(work)
      last = mine.catch(() => undefined)
      return mine
    }
    const sessions = Array.from({length: 10}, () => sessionOver(vault, refresh))
    const all = await Promise.all(sessions.map(session => session.headers()))
    expect(new Set(all.map(({authorization}) => authorization))).toEqual(new Set(['Bearer access-1']))
    expect([state.rotations, state.isOver]).toEqual([1, false])
  })

  it('take up what another has renewed after a 401, without a renewal of their own', async () => {
    const {refresh} = rotatingServer()
    const vault = new FakeVault(tokens(HOUR_MS))
    const session = sessionOver(vault, refresh)
    const used = await session.headers()
    vault.held = tokens(HOUR_MS, 'theirs')
    expect(await session.renew(used)).toBe(true)
    expect(await session.headers()).toEqual(bearer('access-theirs'))
    expect(refresh).not.toHaveBeenCalled()
  })

  it('do not take up what another has left and is ending, too', async () => {
    const {refresh} = rotatingServer('refresh-theirs')
    const vault = new FakeVault(tokens(0))
    const session = sessionOver(vault, refresh)
    vault.load = async () => tokens(1000, 'theirs')
    expect(await session.headers()).toEqual(bearer('access-1'))
  })
})

describe('a clock that is wrong', () => {
  const access_token = jwt({exp: (NOW_MS + HOUR_MS + 900_000) / 1000})

  it("by an hour is made good by the server's, where the token tells nothing but exp", async () => {
    const vault = new FakeVault(tokens(0))
    const refresh = vi.fn(async (): Promise<TokenGrant> => ({access_token, refresh_token: 'refresh-1'}))
    const session = sessionOver(vault, refresh, HOUR_MS)
    await session.tokens()
    expect(vault.held?.expiresAtMs).toBe(NOW_MS + 900_000)
    await session.tokens()
    expect(refresh).toHaveBeenCalledTimes(1)
  })

  it('does not make every request renew where the server is an hour behind', async () => {
    const behind = jwt({exp: (NOW_MS - HOUR_MS + 900_000) / 1000})
    const refresh = vi.fn(async (): Promise<TokenGrant> => ({access_token: behind, refresh_token: 'r'}))
    const session = sessionOver(new FakeVault(tokens(0)), refresh, -HOUR_MS)
    await session.tokens()
    await session.tokens()
    expect(refresh).toHaveBeenCalledTimes(1)
  })
})

describe('forceRenewal', () => {
  it('renews a token that is good, once for all who ask', async () => {
    const {refresh} = rotatingServer()
    const session = sessionOver(new FakeVault(tokens(HOUR_MS)), refresh)
    const both = await Promise.all([session.forceRenewal(), session.forceRenewal()])
    expect(both.map(({accessToken}) => accessToken)).toEqual(['access-1', 'access-1'])
    expect(refresh).toHaveBeenCalledTimes(1)
  })
})
