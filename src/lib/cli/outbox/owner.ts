import {createHash} from 'node:crypto'
import {notSignedIn} from '../../auth/accounts.js'
import type {Owner} from '../../delivery/outbox/outbox-types.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Context} from '../context.js'

/** Of a context, what tells whose messages are put into the outbox. */
export type QueueContext = Pick<Context, 'accounts' | 'environment' | 'settings'>

/**
 * The account in use, found out without the network and without a secret being read from its store: by the first of the
 * credentials that `openSession` takes. The claims of a token are unverified, the server checks them when it is sent.
 * @throws {VezaError} `signed_out` when there are none, `usage` for a refresh token that says no name.
 */
export async function outboxOwner({accounts, environment, settings}: QueueContext): Promise<Owner> {
  const {server, username} = settings
  const key = environment.get('VEZA_API_KEY')
  if (key !== undefined) return {secretHash: hashOf(key)}
  const token = environment.get('VEZA_TOKEN')
  if (token !== undefined) return claimsOf(token) ?? {secretHash: hashOf(token)}
  const password = environment.get('VEZA_PASSWORD') ?? environment.get('BOT_PASSWORD')
  const isRefreshed = environment.get('VEZA_REFRESH_TOKEN') !== undefined
  if (username !== undefined && (isRefreshed || password !== undefined)) return {username}
  if (isRefreshed) {
    throw new VezaError('usage', 'whose message it is cannot be told from VEZA_REFRESH_TOKEN', {
      hint: 'name the account in VEZA_USERNAME, too',
    })
  }
  const entry = (await accounts.find(username))?.entry
  if (entry === undefined) throw notSignedIn(server)
  return {userId: entry.user_id, username: entry.username}
}

/** `sub` and `username` of a JWT (section 2 of the contract); undefined where it says neither. */
function claimsOf(token: string): Owner | undefined {
  try {
    const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
    const {sub, username} = Object(JSON.parse(text)) as {sub?: unknown; username?: unknown}
    const userId = Number(sub)
    const owner = {
      ...(Number.isSafeInteger(userId) && userId > 0 ? {userId} : {}),
      ...(typeof username === 'string' ? {username} : {}),
    }
    return Object.keys(owner).length === 0 ? undefined : owner
  } catch {
    return undefined
  }
}

/** Tells secrets apart; nothing of them can be read from it. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 16)
}
