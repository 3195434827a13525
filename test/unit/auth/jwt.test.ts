import fc from 'fast-check'
import {SignJWT} from 'jose'
import {describe, expect, it} from 'vitest'
import {tokenClaims, tokenExpiry} from '../../../src/lib/auth/jwt.js'
import {jwt} from './fakes.js'

describe('tokenClaims', () => {
  it('reads what the payload says, of any type', () => {
    expect(tokenClaims(jwt({sub: 7, username: 'zoë 😀'}))).toMatchObject({sub: 7, username: 'zoë 😀'})
  })

  it.each(['', 'opaque', 'a.b.c', `a.${Buffer.from('null').toString('base64url')}.c`])(
    'has none of %j',
    token => {
      expect(tokenClaims(token)).toEqual({})
    },
  )
})

describe('tokenExpiry', () => {
  it('reads the exp of a real token, in milliseconds', async () => {
    const token = await new SignJWT({sub: '7', username: 'zoë 😀'})
      .setProtectedHeader({alg: 'HS256'})
      .setExpirationTime(1_900_000_000)
      .sign(new TextEncoder().encode('a-secret-of-the-server-32-bytes!'))
    expect(tokenExpiry(token)).toBe(1_900_000_000_000)
  })

  it('reads any whole second', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 8_640_000_000_000}), exp => {
        expect(tokenExpiry(jwt({exp}))).toBe(exp * 1000)
      }),
    )
  })

  it.each([
    ['none', {sub: '7'}],
    ['a text', {exp: '1900000000'}],
    ['null', {exp: null}],
  ])('knows nothing where exp is %s', (_, claims) => {
    expect(tokenExpiry(jwt(claims))).toBeUndefined()
  })

  it.each([
    '',
    'opaque',
    'a.b.c',
    '..',
    `a.${Buffer.from('null').toString('base64url')}.c`,
    'a.W10.c',
    'a.NQ.c',
  ])('knows nothing of %j', token => {
    expect(tokenExpiry(token)).toBeUndefined()
  })

  it('never throws', () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map(text => Buffer.from(text).toString('base64url')),
    )
    fc.assert(
      fc.property(fc.array(part, {maxLength: 4}), parts => {
        const expiry = tokenExpiry(parts.join('.'))
        expect(expiry === undefined || typeof expiry === 'number').toBe(true)
      }),
    )
  })
})
