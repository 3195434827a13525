/** The last moment that a Date can hold. */
const LAST_DATE_MS = 8.64e15

/** The claims of an access token that veza reads (section 2 of the contract); each of them may be missing or of any type. */
export interface TokenClaims {
  readonly exp?: unknown
  readonly sub?: unknown
  readonly username?: unknown
}

/**
 * The claims in the payload of a JWT, none where it is no JWT. The signature is not checked, the server does that.
 * Read by hand: this is on the way of every command, and a library costs 5 ms to load.
 */
export function tokenClaims(token: string): TokenClaims {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
    return Object(JSON.parse(payload))
  } catch {
    return {}
  }
}

/**
 * When an access token ends by its own `exp` claim (section 2 of the contract), in milliseconds since 1970.
 * Undefined where the token is no JWT or has no `exp`.
 */
export function tokenExpiry(token: string): number | undefined {
  const {exp} = tokenClaims(token)
  return typeof exp === 'number' && exp * 1000 <= LAST_DATE_MS ? exp * 1000 : undefined
}
