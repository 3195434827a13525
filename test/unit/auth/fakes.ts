import type {TokenGrant} from '../../../src/contract/resources.js'
import type {SignedIn, StoragePolicy} from '../../../src/lib/auth/accounts.js'
import type {OpenSessionOptions} from '../../../src/lib/auth/open-session.js'
import {type TokenSet, tokensFromGrant} from '../../../src/lib/auth/token-set.js'
import type {TokenVault} from '../../../src/lib/auth/token-vault.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

/** The time of every test here. */
export const NOW_MS = Date.UTC(2026, 2, 1, 12)

export const signedOut = (): VezaError =>
  new VezaError('signed_out', 'the token is not valid', {status: 401, serverCode: 'INVALID_TOKEN'})
export const unreachable = (): VezaError => new VezaError('unreachable', 'connection refused')

/** An access token with the claims of section 2 of the contract and no signature worth the name. */
export function jwt(claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({alg: 'HS256', typ: 'JWT'})}.${part(claims)}.c2lnbmF0dXJl`
}

/** A vault that writes down what is done to it, in `log` if one is given. */
export class FakeVault implements TokenVault {
  readonly advice = 'sign in again: veza auth login'
  readonly saved: TokenSet[] = []
  loads = 0
  signIn?: TokenVault['signIn']

  constructor(
    public held: TokenSet | undefined,
    readonly log: string[] = [],
  ) {}

  load = async (): Promise<TokenSet | undefined> => {
    this.loads += 1
    return this.held
  }

  save = async (tokens: TokenSet): Promise<void> => {
    this.log.push(`saving ${tokens.refreshToken}`)
    await Promise.resolve()
    this.held = tokens
    this.saved.push(tokens)
    this.log.push(`saved ${tokens.refreshToken}`)
  }

  forget = async (): Promise<void> => {
    this.held = undefined
    this.log.push('forgotten')
  }

  exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    this.log.push('locked')
    try {
      return await work()
    } finally {
      this.log.push('unlocked')
    }
  }
}

/** The `login` and `refresh` of a server with one account, `ann` with the password `right`. */
export class FakeServer {
  readonly calls: string[] = []
  refresh = async (refreshToken: string): Promise<TokenGrant> => {
    this.calls.push(`refresh ${refreshToken}`)
    return grant(`${this.calls.length}`)
  }

  login = async ({username, password}: {username: string; password: string}) => {
    this.calls.push(`login ${username}`)
    if (username.toLowerCase() !== 'ann' || password !== 'right') throw signedOut()
    return {...grant(`${this.calls.length}`), user: {id: 7, username: 'ann', role: 'admin'}}
  }

  /** What `auth login` does with a user name and a password. */
  signIn = async (username = 'ann', password = 'right'): Promise<SignedIn> => {
    const grant = await this.login({username, password})
    return {user: grant.user, credential: tokensFromGrant(grant, {nowMs: NOW_MS})}
  }

  get api(): OpenSessionOptions['authApi'] {
    return {login: this.login, refresh: token => this.refresh(token)}
  }
}

/** What `--insecure-storage` asks for: no test of these reaches for a keychain. */
export const INSECURE: StoragePolicy = {insecure: true, requireKeychain: false, onStepDown: () => {}}

/** A machine without a D-Bus session. */
export const NO_BUS = {address: undefined, runtimeDir: undefined}

/** A grant of 15 minutes whose tokens end in `suffix`. */
export function grant(suffix: string): TokenGrant {
  return {access_token: `access-${suffix}`, refresh_token: `refresh-${suffix}`, expires_in: 900}
}
