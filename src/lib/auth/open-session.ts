import type {AuthApi} from '../api/auth.js'
import type {Environment} from '../config/environment.js'
import type {TokenSource} from '../http/types.js'
import {type Accounts, notSignedIn} from './accounts.js'
import {tokenExpiry} from './jwt.js'
import {apiKeySource, Session} from './session.js'
import {type TokenSet, tokensFromGrant} from './token-set.js'
import {memoryVault, type TokenVault} from './token-vault.js'

/** What opening a session needs. */
export interface OpenSessionOptions {
  readonly environment: Environment
  readonly server: string
  /** The account to use; undefined: the one signed in last. */
  readonly username: string | undefined
  readonly accounts: Accounts
  readonly authApi: AuthApi
  readonly now: () => number
}

/** Where the session in use came from. */
export interface OpenedSession {
  /** For a person: "the environment (VEZA_TOKEN)", "the keychain (Secret Service)". */
  readonly place: string
  readonly tokens: TokenSource
  /** The session behind `tokens`; undefined for an API key, which has none. */
  readonly session: Session | undefined
}

/**
 * The session by the first of: `VEZA_API_KEY`, `VEZA_TOKEN` or `VEZA_REFRESH_TOKEN`, user name and password in the
 * environment, the account signed in on this machine. With one of the environment no disk and no keychain is touched.
 * @throws {VezaError} `signed_out` when there is none of them.
 */
export async function openSession(options: OpenSessionOptions): Promise<OpenedSession> {
  const key = options.environment.get('VEZA_API_KEY')
  if (key !== undefined)
    return {place: 'the environment (VEZA_API_KEY)', tokens: apiKeySource(key), session: undefined}
  const {vault, place} = environmentVault(options) ?? (await accountVault(options))
  const session = new Session({vault, refresh: options.authApi.refresh, now: options.now})
  return {place, tokens: session, session}
}

interface PlacedVault {
  readonly vault: TokenVault
  readonly place: string
}

function environmentVault(options: OpenSessionOptions): PlacedVault | undefined {
  const {environment} = options
  const given = environmentTokens(environment)
  if (given !== undefined) return {vault: memoryVault(given), place: 'the environment (VEZA_TOKEN)'}
  const password = environment.get('VEZA_PASSWORD') ?? environment.get('BOT_PASSWORD')
  const {username, authApi, now} = options
  if (username === undefined || password === undefined) return undefined
  const signIn = async (): Promise<TokenSet> =>
    tokensFromGrant(await authApi.login({username, password}), now())
  return {vault: memoryVault(undefined, signIn), place: 'the environment (user name and password)'}
}

function environmentTokens(environment: Environment): TokenSet | undefined {
  const accessToken = environment.get('VEZA_TOKEN')
  const refreshToken = environment.get('VEZA_REFRESH_TOKEN')
  if (accessToken !== undefined) return {accessToken, refreshToken, expiresAtMs: tokenExpiry(accessToken)}
  // Only a refresh token: an access token that has ended already makes the first use renew it.
  return refreshToken === undefined ? undefined : {accessToken: '', refreshToken, expiresAtMs: 0}
}

async function accountVault(options: OpenSessionOptions): Promise<PlacedVault> {
  const account = await options.accounts.find(options.username)
  if (account === undefined) throw notSignedIn(options.server)
  return {vault: options.accounts.vault(account), place: account.place}
}
