import type {AuthApi} from '../api/auth.js'
import type {Environment} from '../config/environment.js'
import type {TokenSource} from '../http/types.js'
import {type Accounts, notSignedIn} from './accounts.js'
import {tokenExpiry} from './jwt.js'
import {apiKeySource, Session} from './session.js'
import {accountOf} from './session-index.js'
import {type TokenSet, tokensFromGrant} from './token-set.js'
import {memoryVault, parseCredential, type TokenVault} from './token-vault.js'

/** What opening a session needs. */
export interface OpenSessionOptions {
  readonly environment: Environment
  readonly server: string
  /** The account to use; undefined: the one signed in last. */
  readonly username: string | undefined
  readonly accounts: Accounts
  /** `refresh` must not be ended half-way; see `SessionOptions`. */
  readonly authApi: Pick<AuthApi, 'login' | 'refresh'>
  readonly now: () => number
  /** How far the server's clock is ahead of ours, in milliseconds, as far as is known. */
  readonly skewMs: () => number
  /** As in `SessionOptions`. */
  readonly renewBeforeMs?: number
  /** Told when the refresh token of a variable was exchanged for one that no variable holds. */
  readonly onSpent: () => void
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
  if (key !== undefined) return keySession(key, 'the environment (VEZA_API_KEY)')
  return environmentSession(options) ?? accountSession(options)
}

function environmentSession(options: OpenSessionOptions): OpenedSession | undefined {
  const placed = environmentVault(options)
  return placed === undefined ? undefined : vaultSession(options, placed)
}

async function accountSession(options: OpenSessionOptions): Promise<OpenedSession> {
  const {accounts} = options
  const account = await accounts.find(options.username)
  if (account === undefined) throw notSignedIn(options.server, missingHalf(options))
  const {entry, place} = account
  if (entry.kind !== 'api-key') return vaultSession(options, {vault: accounts.vault(account), place})
  const text = await accounts.store(entry.store).read(accountOf(entry))
  const credential = text === undefined ? undefined : parseCredential(text)
  if (credential === undefined || !('apiKey' in credential)) throw notSignedIn(options.server)
  return keySession(credential.apiKey, place)
}

/** Which half of a name and a password the environment lacks: who gives one wants no session of this machine. */
function missingHalf({environment}: OpenSessionOptions): string | undefined {
  for (const family of ['VEZA', 'BOT'] as const) {
    const [username, password] = [`${family}_USERNAME`, `${family}_PASSWORD`] as const
    const hasName = environment.get(username) !== undefined
    const hasPassword = environment.get(password) !== undefined
    if (hasName && !hasPassword) return `set ${password} beside ${username}, or run: veza auth login`
    if (hasPassword && !hasName) return `set ${username} beside ${password}, or run: veza auth login`
  }
  return undefined
}

function keySession(key: string, place: string): OpenedSession {
  return {place, tokens: apiKeySource(key), session: undefined}
}

function vaultSession(
  {authApi, now, skewMs, renewBeforeMs}: OpenSessionOptions,
  {vault, place}: PlacedVault,
): OpenedSession {
  const session = new Session({vault, refresh: authApi.refresh, now, skewMs, renewBeforeMs})
  return {place, tokens: session, session}
}

interface PlacedVault {
  readonly vault: TokenVault
  readonly place: string
}

function environmentVault(options: OpenSessionOptions): PlacedVault | undefined {
  const {environment} = options
  const given = environmentTokens(environment)
  if (given !== undefined)
    return {
      vault: given.refreshToken === undefined ? memoryVault(given) : spendingVault(given, options.onSpent),
      place: `the environment (${given.accessToken === '' ? 'VEZA_REFRESH_TOKEN' : 'VEZA_TOKEN'})`,
    }
  const password = environment.get('VEZA_PASSWORD') ?? environment.get('BOT_PASSWORD')
  const {username, authApi, now, skewMs} = options
  if (username === undefined || password === undefined) return undefined
  const signIn = async (): Promise<TokenSet> =>
    tokensFromGrant(await authApi.login({username, password}), {nowMs: now(), skewMs: skewMs()})
  return {vault: memoryVault(undefined, signIn), place: 'the environment (user name and password)'}
}

/** A refresh token from a variable is good once: the next command that reads the variable finds it spent. */
function spendingVault(given: TokenSet, onSpent: () => void): TokenVault {
  const vault = memoryVault(given)
  return {
    ...vault,
    save: async tokens => {
      if (tokens.refreshToken !== given.refreshToken) onSpent()
      await vault.save(tokens)
    },
  }
}

function environmentTokens(environment: Environment): TokenSet | undefined {
  const accessToken = environment.get('VEZA_TOKEN')
  const refreshToken = environment.get('VEZA_REFRESH_TOKEN')
  if (accessToken !== undefined) return {accessToken, refreshToken, expiresAtMs: tokenExpiry(accessToken)}
  // Only a refresh token: an access token that has ended already makes the first use renew it.
  return refreshToken === undefined ? undefined : {accessToken: '', refreshToken, expiresAtMs: 0}
}
