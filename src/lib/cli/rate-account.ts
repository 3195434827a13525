import type {TokenSource} from '../http/types.js'

/**
 * Which account the credentials are of, for the name of its budget: the user id in the access token, so that it stays
 * the same when the token is renewed; of an API key a part of its hash. Never a secret itself.
 */
export async function rateAccount(tokens: TokenSource): Promise<string> {
  const headers = await tokens.headers()
  const secret = Object.values(headers).join('\n')
  const subject = subjectOf(secret)
  if (subject !== undefined) return `user ${subject}`
  const {createHash} = await import('node:crypto')
  return `key ${createHash('sha256').update(secret).digest('hex').slice(0, 16)}`
}

/** The claim `sub` of a JWT (section 2 of the contract), unchecked: it names a line in a file, nothing more. */
function subjectOf(token: string): string | undefined {
  const payload = token.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (typeof claims !== 'object' || claims === null || !('sub' in claims)) return undefined
    return typeof claims.sub === 'string' || typeof claims.sub === 'number' ? String(claims.sub) : undefined
  } catch {
    return undefined
  }
}
