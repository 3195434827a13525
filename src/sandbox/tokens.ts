import {createHmac, timingSafeEqual} from 'node:crypto'

import {invalidToken} from './errors.js'
import {randomSecret} from './secrets.js'

/** The claims of an access token (section 2), times in seconds since 1970. */
interface Claims {
  readonly sub: string
  readonly username: string
  readonly role: string
  readonly permissions: readonly string[]
  readonly iat: number
  readonly exp: number
  readonly jti: string
}

const HEADER = encode({alg: 'HS256', typ: 'JWT'})

/** Lets access tokens be over before their time, all that were issued until then, and to the instant. */
export class TokenGenerations {
  #current = 0

  /** The `jti` of a token of this session, which comes first, so that the token ends with it. */
  newId(sessionId: string): string {
    return `${sessionId}.${this.#current}.${randomSecret()}`
  }

  isOver(tokenId: string): boolean {
    return Number(tokenId.split('.')[1]) < this.#current
  }

  /** All tokens issued until now are over. */
  next(): void {
    this.#current += 1
  }
}

/** A JWT signed with HS256. */
export function signToken(claims: Claims, secret: string): string {
  const body = `${HEADER}.${encode(claims)}`
  return `${body}.${signature(body, secret).toString('base64url')}`
}

/** Throws INVALID_TOKEN for a token that is malformed, signed by another secret or algorithm, or over. */
export function verifyToken(token: string, secret: string, nowMs: number): Claims {
  const [header = '', payload = '', signed = '', ...rest] = token.split('.')
  if (rest.length > 0 || decode(header).alg !== 'HS256') throw invalidToken('The token is malformed')
  const expected = signature(`${header}.${payload}`, secret)
  const actual = Buffer.from(signed, 'base64url')
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    throw invalidToken('The signature of the token is wrong')
  }
  const claims = decode(payload) as unknown as Claims
  if (nowMs / 1000 >= claims.exp) throw invalidToken('The token has expired')
  return claims
}

function signature(body: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(body).digest()
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    if (typeof value === 'object' && value !== null) return {...value}
  } catch {
    // No JSON: malformed like anything else that is no object.
  }
  throw invalidToken('The token is malformed')
}
