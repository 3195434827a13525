import {moment} from './moment.js'
import type {View} from './view.js'

/** A token whose signature and times hold, and what is in it. */
export interface VerifiedRecord {
  readonly algorithm: string
  /** As they stand in the token. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly issued_at?: string | undefined
  /** Absent where the token never ends. */
  readonly expires_at?: string | undefined
  /** Below 0 where only the leeway makes it good. */
  readonly remaining_ms?: number | undefined
  /** How far the server's clock is ahead of ours; absent where it could not be asked. */
  readonly clock_skew_ms?: number | undefined
}

/** A session that was renewed. */
export interface RenewedRecord {
  readonly server: string
  /** Where the session is kept. */
  readonly storage: string
  /** When the new access token ends. */
  readonly expires_at?: string | undefined
}

/** What `auth verify` answers: the claims of section 2 of the contract. */
export const verifiedView: View<VerifiedRecord> = {
  columns: [
    {header: 'user id', value: token => words(token.claims.sub)},
    {
      header: 'user',
      value: token => words(token.claims.username),
      paint: (text, style) => style.bold(text),
    },
    {header: 'role', value: token => words(token.claims.role)},
    {header: 'permissions', value: token => words(token.claims.permissions)},
    {header: 'issued', value: (token, context) => moment(token.issued_at, context)},
    {header: 'ends', value: (token, context) => moment(token.expires_at, context)},
    {
      header: 'seconds left',
      value: token => (token.remaining_ms === undefined ? 'no end' : Math.floor(token.remaining_ms / 1000)),
    },
    {header: 'token id', value: token => words(token.claims.jti)},
    {header: 'algorithm', value: token => token.algorithm},
    {header: 'clock skew', value: token => seconds(token.clock_skew_ms)},
  ],
}

/** What `auth refresh` answers. */
export const renewedView: View<RenewedRecord> = {
  columns: [
    {header: 'server', value: session => session.server},
    {header: 'session kept in', value: session => session.storage},
    {header: 'token ends', value: (session, context) => moment(session.expires_at, context)},
  ],
}

/** A claim of any type: a list as its items, what is no text as JSON. */
function words(claim: unknown): string | undefined {
  if (claim === undefined || typeof claim === 'string') return claim
  return Array.isArray(claim) ? claim.map(words).join(', ') : JSON.stringify(claim)
}

function seconds(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${Math.round(ms / 1000)} s`
}
