import {type Account, notSignedIn} from '../auth/accounts.js'
import {tokenExpiry} from '../auth/jwt.js'
import {Session} from '../auth/session.js'
import type {SessionEntry} from '../auth/session-index.js'
import {sectionOf, userFilePath, withFields} from '../config/user-file.js'
import {VezaError} from '../errors/veza-error.js'
import type {SessionRecord} from '../output/views/account.js'
import {assertWritable} from '../state/atomic-file.js'
import type {Context} from './context.js'
import {updateUserFile} from './update-user-file.js'

/**
 * The access token of the session in use, good for another 30 s.
 * @throws {VezaError} `signed_out` without a session, `usage` where an API key stands in its place.
 */
export async function accessToken(context: Context): Promise<string> {
  const {session} = await context.session()
  if (session === undefined) throw new VezaError('usage', 'an API key is in use, which has no access token')
  return (await session.tokens(context.signal)).accessToken
}

/**
 * The headers that authenticate a WebSocket handshake.
 * @param refused the server did not accept the last ones: others are got, if there can be any.
 */
export async function sessionHeaders(
  context: Context,
  refused: boolean,
  signal: AbortSignal,
): Promise<Headers> {
  const headers = await context.tokens.headers(signal)
  if (!refused) return headers
  await context.tokens.renew(headers, signal)
  return context.tokens.headers(signal)
}

type Headers = Readonly<Record<string, string>>

/** The token to send in `authenticate`; undefined for an API key, which the handshake has carried already. */
export function bearerOf({authorization}: Headers): string | undefined {
  return authorization?.replace(/^Bearer /, '')
}

/** Who the session in use belongs to, by the server's word, and where it is kept. */
export async function describeSession(context: Context): Promise<SessionRecord> {
  const {place, session} = await context.session()
  const user = await context.api.users.me()
  const tokens = await session?.tokens(context.signal)
  const expiry = tokens && (tokenExpiry(tokens.accessToken) ?? tokens.expiresAtMs)
  return {
    server: context.settings.server,
    username: user.username,
    user_id: user.id,
    role: user.role,
    storage: place,
    expires_at: expiry === undefined ? undefined : new Date(expiry).toISOString(),
  }
}

/** What signing out did. */
export interface SignedOut {
  readonly entry: SessionEntry
  /** Why the server could not be asked to end the session; it ends there when its time is up. */
  readonly failure: VezaError | undefined
}

/**
 * Ends the session on the server, then removes it from this machine, the second also where the server cannot be asked.
 * @throws {VezaError} `signed_out` when no account is signed in here.
 */
export async function signOut(context: Context): Promise<SignedOut> {
  const {server, username} = context.settings
  const account = await context.accounts.find(username)
  if (account === undefined) throw notSignedIn(server)
  const failure = await endOnServer(context, account)
  await context.accounts.forget(account)
  return {entry: account.entry, failure}
}

/**
 * Ends the account's own session, whatever the environment names. One that has ended already is none to end, nor is a
 * key; one that cannot be read here, such as without its passphrase, lives on at the server.
 */
async function endOnServer(context: Context, account: Account): Promise<VezaError | undefined> {
  if (account.entry.kind === 'api-key') return undefined
  const {accounts, network, refresh} = context
  const skewMs = () => network.skewMs
  const vault = accounts.vault(account)
  const session = new Session({vault, refresh, now: Date.now, skewMs})
  const unreadable = await failureOf(vault.load())
  if (unreadable !== undefined) return unreadable
  try {
    await context.apiOf(session).auth.logout()
    return undefined
  } catch (error) {
    context.signal.throwIfAborted()
    if (!(error instanceof VezaError)) throw error
    return error.code === 'signed_out' ? undefined : error
  } finally {
    await session.settled()
  }
}

async function failureOf(work: Promise<unknown>): Promise<VezaError | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (!(error instanceof VezaError)) throw error
    return error
  }
}

/** Checks, before a session is opened, that its server can be remembered. @throws {VezaError} `config` if not. */
export async function assertCanRememberServer(context: Context): Promise<void> {
  await assertWritable(userFilePath(context.paths))
}

/**
 * Makes the server in use that of the profile in use, without one the default: it is written to the user file. One that
 * a project file names holds in its folder only.
 */
export async function rememberServer({paths, resolved, settings, signal}: Context): Promise<void> {
  const {server, profile} = settings
  if (resolved.sources.server === 'project file') return
  await updateUserFile(paths, signal, file =>
    sectionOf(file, profile)?.server === server ? undefined : withFields(file, profile, {server}),
  )
}
