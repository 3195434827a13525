import {tokenExpiry} from '../auth/jwt.js'
import {VezaError} from '../errors/veza-error.js'
import type {RenewedRecord} from '../output/views/token.js'
import type {Context} from './context.js'

/**
 * Renews the session in use, whatever time its access token has left.
 * @throws {VezaError} `usage`, with the reason, where nothing can be renewed or the renewed tokens could be kept nowhere,
 * `signed_out` without a session or where the server has ended it.
 */
export async function renewSession(context: Context): Promise<RenewedRecord> {
  const {place, session} = await context.session()
  if (session === undefined) {
    throw notRenewable(
      'an API key is in use, which is never renewed',
      'it is good as it is; make another with: veza auth keys create',
    )
  }
  if (context.environment.get('VEZA_REFRESH_TOKEN') !== undefined) throw wouldBeLost()
  if ((await session.tokens(context.signal)).refreshToken === undefined) {
    throw notRenewable(
      'the access token in use came without a refresh token',
      'sign in with: veza auth login',
    )
  }
  const {accessToken, expiresAtMs} = await session.forceRenewal(context.signal)
  const endsMs = tokenExpiry(accessToken) ?? expiresAtMs
  return {
    server: context.settings.server,
    storage: place,
    expires_at: endsMs === undefined ? undefined : new Date(endsMs).toISOString(),
  }
}

/** A refresh token is good once: after its use the variable would hold a dead one, and this process the only good one. */
function wouldBeLost(): VezaError {
  return notRenewable(
    'the refresh token in VEZA_REFRESH_TOKEN would be spent, and the new one kept nowhere',
    'sign in with: veza auth login, which keeps the session',
  )
}

function notRenewable(message: string, hint: string): VezaError {
  return new VezaError('usage', message, {hint})
}
