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

/** When an answer came, and what was there before. */
export interface GrantContext {
  /** This machine's clock in milliseconds since 1970. */
  readonly nowMs: number
  /** How far the server's clock is ahead of ours, in milliseconds. */
  readonly skewMs?: number
  readonly previous?: TokenSet
}

/**
 * Tokens from the answer to a sign-in or renewal (section 2 of the contract). What the answer leaves out, the refresh
 * token and the user, is taken over from `previous`. The end is by our clock: `expires_in` counts from now, the token's
 * own `exp` is by the server's clock.
 */
export function tokensFromGrant(grant: TokenGrant, {nowMs, skewMs = 0, previous}: GrantContext): TokenSet {
  const expiry = tokenExpiry(grant.access_token)
  return {
    accessToken: grant.access_token,
    refreshToken: grant.refresh_token ?? previous?.refreshToken,
    expiresAtMs: grant.expires_in === undefined ? expiry && expiry - skewMs : nowMs + grant.expires_in * 1000,
    user: grant.user ?? previous?.user,
  }
}
