import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {tokensFromGrant} from '../../../src/lib/auth/token-set.js'
import {memoryVault, parseCredential, serialiseCredential} from '../../../src/lib/auth/token-vault.js'
import {jwt, NOW_MS} from './fakes.js'

const previous = {accessToken: 'old', refreshToken: 'old-refresh', user: {id: 7, username: 'ann'}}

describe('tokensFromGrant', () => {
  it('counts expires_in from this clock, whatever the token says', () => {
    const access_token = jwt({exp: 1})
    expect(tokensFromGrant({access_token, expires_in: 900}, {nowMs: NOW_MS}).expiresAtMs).toBe(
      NOW_MS + 900_000,
    )
    expect(tokensFromGrant({access_token, expires_in: 0}, {nowMs: NOW_MS}).expiresAtMs).toBe(NOW_MS)
  })

  it("takes the token's own exp where the answer has no expires_in", () => {
    expect(tokensFromGrant({access_token: jwt({exp: 1_900_000_000})}, {nowMs: NOW_MS}).expiresAtMs).toBe(
      1_900_000_000_000,
    )
    expect(tokensFromGrant({access_token: 'opaque'}, {nowMs: NOW_MS}).expiresAtMs).toBeUndefined()
  })

  it.each([3_600_000, -3_600_000])(
    "brings the token's own exp to our clock, with a server %i ms ahead",
    skewMs => {
      const access_token = jwt({exp: 1_900_000_000})
      expect(tokensFromGrant({access_token}, {nowMs: NOW_MS, skewMs}).expiresAtMs).toBe(
        1_900_000_000_000 - skewMs,
      )
      const counted = tokensFromGrant({access_token, expires_in: 900}, {nowMs: NOW_MS, skewMs})
      expect(counted.expiresAtMs).toBe(NOW_MS + 900_000)
    },
  )

  it('takes over from before only what the answer leaves out', () => {
    expect(tokensFromGrant({access_token: 'new'}, {nowMs: NOW_MS, previous})).toMatchObject({
      accessToken: 'new',
      refreshToken: 'old-refresh',
      user: previous.user,
    })
    const user = {id: 8, username: 'bob'}
    expect(
      tokensFromGrant({access_token: 'new', refresh_token: 'new-refresh', user}, {nowMs: NOW_MS, previous}),
    ).toMatchObject({refreshToken: 'new-refresh', user})
    expect(tokensFromGrant({access_token: 'new'}, {nowMs: NOW_MS})).toMatchObject({
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
        expect(parseCredential(serialiseCredential(tokens))).toEqual(tokens)
      }),
    )
  })

  it.each([
    '',
    'probe',
    'null',
    '[]',
    '{}',
    '"text"',
    '{"accessToken": 5}',
    '{"apiKey": null}',
    '{"accessToken"',
  ])('is none of ours: %j', text => {
    expect(parseCredential(text)).toBeUndefined()
  })
})

describe('an API key', () => {
  it('is read back as it was', () => {
    expect(parseCredential(serialiseCredential({apiKey: 'veza_ak_1'}))).toEqual({apiKey: 'veza_ak_1'})
  })
})

describe('memoryVault', () => {
  it('holds what it is given, then what was saved', async () => {
    const vault = memoryVault({accessToken: 'given'})
    expect(await vault.load()).toEqual({accessToken: 'given'})
    await vault.save(previous)
    expect(await vault.load()).toBe(previous)
    expect('signIn' in vault).toBe(false)
    await vault.forget()
    expect(await vault.load()).toBeUndefined()
    expect(await vault.exclusively(async () => 5)).toBe(5)
  })
})
