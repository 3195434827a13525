import type {TokenGrant, User} from '../../contract/resources.js'
import {tokenExpiry} from './jwt.js'

/** The tokens of one signed-in account and what is known of them. */
export interface TokenSet {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  /** When the access token ends, in milliseconds since 1970 by this machine's clock; undefined: not known. */
  readonly expiresAtMs?: number | undefined
  readonly user?: User | undefined
}

/**
 * Tokens from the answer to a sign-in or renewal (section 2 of the contract). What the answer leaves out, the
 * refresh token and the user, is taken over from `previous`.
 * @param nowMs this machine's clock; `expires_in` counts from it, else the token's own `exp` is taken.
 */
export function tokensFromGrant(grant: TokenGrant, nowMs: number, previous?: TokenSet): TokenSet {
  return {
    accessToken: grant.access_token,
    refreshToken: grant.refresh_token ?? previous?.refreshToken,
    expiresAtMs:
      grant.expires_in === undefined ? tokenExpiry(grant.access_token) : nowMs + grant.expires_in * 1000,
    user: grant.user ?? previous?.user,
  }
}

/** The text a store keeps. */
export function serialiseTokens(tokens: TokenSet): string {
  return JSON.stringify(tokens)
}

/** Tokens from a store's text, or undefined where the text is none of ours. */
export function parseTokens(text: string): TokenSet | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isTokenSet(value) ? value : undefined
}

function isTokenSet(value: unknown): value is TokenSet {
  return (
    typeof value === 'object' &&
    value !== null &&
    'accessToken' in value &&
    typeof value.accessToken === 'string'
  )
}
