import {createHmac, generateKeyPairSync, sign} from 'node:crypto'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type VerifyOptions, verifyToken} from '../../../src/lib/auth/verify.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {NOW_MS} from './fakes.js'

const SECRET = Buffer.from('the secret of a test')
const NOW = NOW_MS / 1000
const CLAIMS = {
  sub: '2',
  username: 'alice',
  role: 'user',
  permissions: ['read'],
  iat: NOW - 60,
  exp: NOW + 60,
  jti: 'j',
}
const HASHES = {HS256: 'sha256', HS384: 'sha384', HS512: 'sha512'} as const

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token signed by hand, so that the library does not vouch for itself. */
function token(
  claims: unknown = CLAIMS,
  header: unknown = {alg: 'HS256', typ: 'JWT'},
  secret = SECRET,
): string {
  const {alg} = header as {alg?: keyof typeof HASHES}
  const body = `${encode(header)}.${encode(claims)}`
  const hash = HASHES[alg ?? 'HS256'] ?? 'sha256'
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`
}

const verify = (text: string, options: Partial<VerifyOptions> = {}) =>
  verifyToken(text, {secret: SECRET, nowMs: NOW_MS, ...options})

/** The error of a token that must be refused; none of its texts may hold a part of the token or the secret. */
async function refusal(text: string, options: Partial<VerifyOptions> = {}): Promise<VezaError> {
  const error = await verify(text, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof VezaError)) throw new Error(`not refused, or not in our words: ${error}`)
  const shown = `${error.message} ${error.hint ?? ''}`
  for (const part of text.split('.')) if (part.length > 8) expect(shown).not.toContain(part)
  expect(shown).not.toContain(SECRET.toString())
  expect(shown).not.toContain('\n')
  return error
}

describe('a token that is good', () => {
  test.each(['HS256', 'HS384', 'HS512'] as const)('%s, all claims as they stand', async alg => {
    const claims = {...CLAIMS, tenant: {id: 7}}
    expect(await verify(token(claims, {alg}))).toEqual({algorithm: alg, claims})
  })

  test('without an end it is good for ever', async () => {
    const {exp: _exp, ...claims} = CLAIMS
    expect((await verify(token(claims))).claims).not.toHaveProperty('exp')
  })

  test('a secret may be any bytes, also one', async () => {
    const secret = Buffer.from([0xff])
    expect(await verify(token(CLAIMS, {alg: 'HS256'}, secret), {secret})).toMatchObject({claims: CLAIMS})
  })
})

describe('the times of a token', () => {
  test('at its end it is over, a moment before it is not', async () => {
    const nowMs = CLAIMS.exp * 1000
    expect(await verify(token(), {nowMs: nowMs - 1000})).toBeTruthy()
    const error = await refusal(token(), {nowMs})
    expect(error).toMatchObject({code: 'signed_out', exitCode: 4})
    expect(error.message).toBe('the token is not valid: it ended at 2026-03-01T12:01:00.000Z')
  })

  test('before its beginning it is not good yet', async () => {
    const error = await refusal(token({...CLAIMS, nbf: NOW + 10}))
    expect(error.message).toBe('the token is not valid: it is not good before 2026-03-01T12:00:10.000Z')
    expect(error.hint).toContain('--leeway')
  })

  test('the leeway holds at both ends, to the second', async () => {
    const early = token({...CLAIMS, nbf: NOW + 10})
    expect(await verify(early, {leewayMs: 10_000})).toBeTruthy()
    await refusal(early, {leewayMs: 9000})
    const nowMs = CLAIMS.exp * 1000 + 9000
    expect(await verify(token(), {nowMs, leewayMs: 10_000})).toBeTruthy()
    await refusal(token(), {nowMs, leewayMs: 9000})
  })

  test.each([['"soon"'], ['true'], ['null']])('an end that is no time: %s', async exp => {
    const claims = JSON.stringify({...CLAIMS, exp: 'EXP'}).replace('"EXP"', exp)
    expect((await refusal(token(claims))).code).toBe('signed_out')
  })
})

describe('a token that is not what it says', () => {
  const unsigned = (alg: unknown): string => `${encode({alg})}.${encode(CLAIMS)}`

  test.each([
    ['none, without a signature', `${unsigned('none')}.`, /not signed \(alg: none\)/],
    ['none in capitals', `${unsigned('NoNe')}.`, /not signed/],
    ['none with the right signature of HS256', token(CLAIMS, {alg: 'none'}), /not signed/],
    ['no algorithm', token(CLAIMS, {typ: 'JWT'}), /names no algorithm/],
    ['an algorithm that is no text', token(CLAIMS, {alg: 5}), /names no algorithm/],
    ['an algorithm of hostile text', token(CLAIMS, {alg: '\u001b[2J\n'}), /an algorithm of its own/],
    ['HS1', token(CLAIMS, {alg: 'HS1'}), /signed with HS1, accepted are HS256, HS384, HS512 only/],
    ['one part', 'abc', /1 parts where a JWT has 3/],
    ['nothing', '', /1 parts/],
    ['two parts', unsigned('HS256'), /2 parts/],
    ['a part too many', `${token()}.${token().split('.')[2]}`, /4 parts/],
    ['two tokens, one behind the other', `${token()}.${token()}`, /6 parts/],
    ['no signature', `${unsigned('HS256')}.`, /its signature is missing/],
    ['no payload', `${encode({alg: 'HS256'})}..AAAA`, /its payload is missing/],
    ['no header', `.${encode(CLAIMS)}.AAAA`, /its header is not a JSON object/],
    ['a header that is a list', token(CLAIMS, []), /its header is not a JSON object/],
    ['a header that is garbage', `%%%.${encode(CLAIMS)}.AAAA`, /its header is not a JSON object/],
    ['a payload that is no base64url', `${encode({alg: 'HS256'})}.@@@@.AAAA`, /its payload is not base64url/],
    ['a payload that is no JSON', token('not json'), /not a JWT/],
    ['a payload that is a list', token('[]'), /not a JWT/],
    ['a signature with padding', `${token()}=`, /its signature is not base64url/],
    ['a line break at its end', `${token()}\n`, /its signature is not base64url/],
    [
      'an extension that must be understood',
      token(CLAIMS, {alg: 'HS256', crit: ['x'], x: 1}),
      /not known here|not a JWT/,
    ],
  ])('%s', async (_what, text, reason) => {
    const error = await refusal(text)
    expect(error).toMatchObject({code: 'signed_out', exitCode: 4})
    expect(error.message).toMatch(reason)
  })

  test('RS256 is refused, and so is HS256 under the public key of RS256', async () => {
    const {privateKey, publicKey} = generateKeyPairSync('rsa', {modulusLength: 2048})
    const body = unsigned('RS256')
    const signed = `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`
    expect((await refusal(signed)).message).toMatch(/signed with RS256, accepted are HS256/)
    for (const format of ['spki', 'pkcs1'] as const) {
      const secret = Buffer.from(publicKey.export({type: format, format: 'pem'}))
      await refusal(signed, {secret})
      const forged = token(CLAIMS, {alg: 'HS256'}, secret)
      expect(await refusal(forged, {secret})).toMatchObject({
        code: 'signed_out',
        message: expect.stringMatching(/public key/),
      })
    }
    const jwk = Buffer.from(JSON.stringify(publicKey.export({format: 'jwk'})))
    expect((await refusal(token(CLAIMS, {alg: 'HS256'}, jwk), {secret: jwk})).message).toMatch(/public key/)
  })

  test('an empty secret is a mistake of the user', async () => {
    expect(await refusal(token(), {secret: Buffer.alloc(0)})).toMatchObject({code: 'usage'})
  })
})

describe('for any token', () => {
  const good = token()

  test('each changed character is refused, at every place', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0é'
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.constantFrom(...alphabet), async (place, character) => {
        fc.pre(good[place] !== character)
        const changed = good.slice(0, place) + character + good.slice(place + 1)
        expect(await refusal(changed)).toMatchObject({code: 'signed_out'})
      }),
      {numRuns: 500},
    )
  })

  test('the last character counts as well, whose last bits no byte holds', async () => {
    for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      if (last !== good.at(-1)) await refusal(good.slice(0, -1) + last)
    }
  })

  test('a character left out or put in is refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length - 1),
        fc.constantFrom('A', '.', '-', ' ', '='),
        async (place, extra) => {
          await refusal(good.slice(0, place) + good.slice(place + 1))
          await refusal(good.slice(0, place) + extra + good.slice(place))
        },
      ),
    )
  })

  test('no other secret will do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({minLength: 1, maxLength: 80}), async bytes => {
        fc.pre(!SECRET.equals(bytes))
        expect((await refusal(good, {secret: bytes})).code).toBe('signed_out')
      }),
    )
  })

  test('nor the right one with a byte more, less or changed', async () => {
    for (const secret of [
      Buffer.concat([SECRET, Buffer.from('\n')]),
      Buffer.concat([Buffer.from(' '), SECRET]),
      SECRET.subarray(1),
      SECRET.subarray(0, -1),
      Buffer.from(SECRET.toString().toUpperCase()),
    ]) {
      expect((await refusal(good, {secret})).message).toMatch(/its signature is wrong/)
    }
  })

  test('any text at all is refused in our words', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({unit: 'binary-ascii', maxLength: 200}), async text => {
        expect((await refusal(text)).exitCode).toBe(4)
      }),
    )
  })
})
