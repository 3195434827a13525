import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {parseTokens, serialiseTokens, tokensFromGrant} from '../../../src/lib/auth/token-set.js'
import {memoryVault, storedVault} from '../../../src/lib/auth/token-vault.js'
import {jwt, NOW_MS} from './fakes.js'

const previous = {accessToken: 'old', refreshToken: 'old-refresh', user: {id: 7, username: 'ann'}}

describe('tokensFromGrant', () => {
  it('counts expires_in from this clock, whatever the token says', () => {
    const access_token = jwt({exp: 1})
    expect(tokensFromGrant({access_token, expires_in: 900}, NOW_MS).expiresAtMs).toBe(NOW_MS + 900_000)
    expect(tokensFromGrant({access_token, expires_in: 0}, NOW_MS).expiresAtMs).toBe(NOW_MS)
  })

  it("takes the token's own exp where the answer has no expires_in", () => {
    expect(tokensFromGrant({access_token: jwt({exp: 1_900_000_000})}, NOW_MS).expiresAtMs).toBe(
      1_900_000_000_000,
    )
    expect(tokensFromGrant({access_token: 'opaque'}, NOW_MS).expiresAtMs).toBeUndefined()
  })

  it('takes over from before only what the answer leaves out', () => {
    expect(tokensFromGrant({access_token: 'new'}, NOW_MS, previous)).toMatchObject({
      accessToken: 'new',
      refreshToken: 'old-refresh',
      user: previous.user,
    })
    const user = {id: 8, username: 'bob'}
    expect(
      tokensFromGrant({access_token: 'new', refresh_token: 'new-refresh', user}, NOW_MS, previous),
    ).toMatchObject({refreshToken: 'new-refresh', user})
    expect(tokensFromGrant({access_token: 'new'}, NOW_MS)).toMatchObject({
      refreshToken: undefined,
      user: undefined,
    })
  })
})

describe('what a store keeps', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.maxSafeInteger(), (accessToken, refreshToken, expiresAtMs) => {
        const tokens = {accessToken, refreshToken, expiresAtMs, user: {id: 7, username: accessToken}}
        expect(parseTokens(serialiseTokens(tokens))).toEqual(tokens)
      }),
    )
  })

  it.each(['', 'probe', 'null', '[]', '{}', '"text"', '{"accessToken": 5}', '{"accessToken"'])(
    'is none of ours: %j',
    text => {
      expect(parseTokens(text)).toBeUndefined()
    },
  )
})

describe('storedVault', () => {
  it('keeps the tokens of one account in the store', async () => {
    const kept = new Map<string, string>()
    const store = {
      kind: 'file' as const,
      place: '/somewhere',
      read: async (account: string) => kept.get(account),
      write: async (account: string, secret: string) => {
        kept.set(account, secret)
      },
      remove: async () => {},
    }
    const vault = storedVault(store, 'ann@http://x')
    expect(vault.place).toBe('/somewhere')
    expect(vault.signIn).toBeUndefined()
    expect(await vault.load()).toBeUndefined()
    await vault.save(previous)
    expect([...kept.keys()]).toEqual(['ann@http://x'])
    expect(await vault.load()).toEqual(previous)
    kept.set('ann@http://x', 'not ours')
    expect(await vault.load()).toBeUndefined()
  })
})

describe('memoryVault', () => {
  it('holds what it is given, then what was saved', async () => {
    const vault = memoryVault({accessToken: 'given'})
    expect(await vault.load()).toEqual({accessToken: 'given'})
    await vault.save(previous)
    expect(await vault.load()).toBe(previous)
    expect('signIn' in vault).toBe(false)
  })
})
