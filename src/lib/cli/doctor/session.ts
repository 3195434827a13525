import type {OpenedSession} from '../../auth/open-session.js'
import type {TokenSet} from '../../auth/token-set.js'
import {VezaError} from '../../errors/veza-error.js'
import {ok, type Verdict, warning} from './check.js'

/**
 * Where the session is and how long it lasts. May renew it, as any command would.
 * @throws {VezaError} `signed_out` where it is over, and what a renewal throws.
 */
export async function checkSession(
  {place, session}: OpenedSession,
  nowMs: number,
  signal: AbortSignal,
): Promise<Verdict> {
  if (session === undefined) return ok(`${place}; an API key, good until it ends or is withdrawn`)
  const tokens = await session.tokens(signal)
  const lasting = `${place}; ${lifetime(tokens, nowMs)}`
  if (tokens.refreshToken !== undefined) return ok(`${lasting}, then it is renewed`)
  const {expiresAtMs} = tokens
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) throw over(place, expiresAtMs)
  return warning(`${lasting}, and cannot be renewed`, 'for longer work sign in with a password or an API key')
}

function lifetime({expiresAtMs}: TokenSet, nowMs: number): string {
  if (expiresAtMs === undefined) return 'the access token does not say when it ends'
  const minutes = Math.floor((expiresAtMs - nowMs) / 60_000)
  return `the access token ends in ${minutes} min, at ${new Date(expiresAtMs).toISOString()}`
}

function over(place: string, endedMs: number): VezaError {
  return new VezaError(
    'signed_out',
    `the access token in ${place} ended at ${new Date(endedMs).toISOString()}`,
    {
      hint: 'get another one, or sign in with: veza auth login',
    },
  )
}
