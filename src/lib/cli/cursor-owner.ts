import {tokenClaims} from '../auth/jwt.js'
import type {CursorOwner} from '../realtime/cursor/cursor-text.js'
import type {Context} from './context.js'

/** Of a context, what tells whose session is in use. */
export type OwnerContext = Pick<Context, 'accounts' | 'environment' | 'session' | 'settings' | 'signal'>

/**
 * The account in use, as far as the session says without asking the server: from the sign-in, else from the claims of the
 * access token (section 2 of the contract), unverified, for they only guard against a mistake. A token that has to be
 * renewed is, as the next request would have it. An API key from the environment says nothing of its account.
 * @throws {VezaError} as `Session.tokens`.
 */
export async function cursorOwner(context: OwnerContext): Promise<CursorOwner> {
  const {server, username} = context.settings
  const {session} = await context.session()
  if (session !== undefined) {
    const {accessToken, user} = await session.tokens(context.signal)
    if (user === undefined) return {server, ...claimedAccount(accessToken)}
    return {server, userId: user.id, username: user.username}
  }
  if (context.environment.get('VEZA_API_KEY') !== undefined) return {server}
  const entry = (await context.accounts.find(username))?.entry
  return {server, userId: entry?.user_id, username: entry?.username}
}

function claimedAccount(token: string): Pick<CursorOwner, 'userId' | 'username'> {
  const {sub, username} = tokenClaims(token)
  const userId = Number(sub)
  return {
    userId: Number.isSafeInteger(userId) && userId > 0 ? userId : undefined,
    username: typeof username === 'string' ? username : undefined,
  }
}
