import {tokenClaims} from '../auth/jwt.js'
import type {TokenSource} from '../http/types.js'

/**
 * Which account the credentials are of, for the name of its budget: the user id in the access token, so that it stays
 * the same when the token is renewed; of an API key a part of its hash. Never a secret itself.
 */
export async function rateAccount(tokens: TokenSource): Promise<string> {
  const headers = await tokens.headers()
  const secret = Object.values(headers).join('\n')
  // A scheme such as `Bearer` before the token does not matter: it has no dot.
  const {sub} = tokenClaims(secret)
  if (typeof sub === 'string' || typeof sub === 'number') return `user ${sub}`
  const {createHash} = await import('node:crypto')
  return `key ${createHash('sha256').update(secret).digest('hex').slice(0, 16)}`
}
