/** The last moment that a Date can hold. */
const LAST_DATE_MS = 8.64e15

/**
 * When an access token ends by its own `exp` claim (section 2 of the contract), in milliseconds since 1970.
 * The signature is not checked, the server does that. Undefined where the token is no JWT or has no `exp`.
 * Read by hand: this is on the way of every command, and a library costs 5 ms to load.
 */
export function tokenExpiry(token: string): number | undefined {
  const payload = token.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return undefined
    return typeof claims.exp === 'number' && claims.exp * 1000 <= LAST_DATE_MS ? claims.exp * 1000 : undefined
  } catch {
    return undefined
  }
}
