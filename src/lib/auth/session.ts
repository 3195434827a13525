import type {TokenGrant} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import type {TokenSource} from '../http/types.js'
import {type TokenSet, tokensFromGrant} from './token-set.js'
import type {TokenVault} from './token-vault.js'

/** An access token with less than this left is renewed before it is used (section 1 of the contract). */
const RENEW_BEFORE_MS = 30_000

/** What a session needs from outside. */
export interface SessionOptions {
  readonly vault: TokenVault
  /** Exchanges a refresh token for new tokens, `POST /auth/refresh`, over a client that carries no token itself. */
  readonly refresh: (refreshToken: string, signal?: AbortSignal) => Promise<TokenGrant>
  /** This machine's clock in milliseconds since 1970. */
  readonly now: () => number
}

/**
 * The one source of a valid access token (section 2 of the contract): loads it, renews it 30 s before its end or when
 * the server rejects it, once at a time in this process, and keeps the rotated refresh token before anything uses the
 * new access token.
 */
export class Session implements TokenSource {
  readonly #options: SessionOptions
  #tokens: TokenSet | undefined
  #renewal: Promise<TokenSet> | undefined

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** Headers for the next request. @throws {VezaError} `signed_out` as `tokens`. */
  async headers(signal?: AbortSignal): Promise<Readonly<Record<string, string>>> {
    return bearer(await this.tokens(signal))
  }

  /** Called after a 401: true when a token other than the rejected one is there now. */
  async renew(used: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<boolean> {
    const current = this.#tokens
    if (current !== undefined && bearer(current).authorization !== used.authorization) return true
    const renewed = await this.#renewOnce(current, signal)
    return bearer(renewed).authorization !== used.authorization
  }

  /**
   * Tokens whose access token is good for another 30 s.
   * @throws {VezaError} `signed_out` when there is no session or the server has ended it, `unreachable` when a renewal
   * was needed and the server could not be asked: nothing is deleted then.
   */
  async tokens(signal?: AbortSignal): Promise<TokenSet> {
    this.#tokens ??= await this.#options.vault.load()
    const tokens = this.#tokens
    if (tokens !== undefined && !this.#endsSoon(tokens)) return tokens
    return this.#renewOnce(tokens, signal)
  }

  #endsSoon(tokens: TokenSet): boolean {
    return tokens.expiresAtMs !== undefined && tokens.expiresAtMs - this.#options.now() < RENEW_BEFORE_MS
  }

  /** All who need a renewal at once share one. */
  #renewOnce(stale: TokenSet | undefined, signal?: AbortSignal): Promise<TokenSet> {
    this.#renewal ??= this.#obtain(stale, signal).finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  async #obtain(stale: TokenSet | undefined, signal?: AbortSignal): Promise<TokenSet> {
    const refreshed =
      stale?.refreshToken === undefined ? undefined : await this.#refresh(stale, stale.refreshToken, signal)
    const tokens = refreshed ?? (await this.#signIn())
    if (tokens === undefined) throw stale === undefined ? signedOut() : sessionOver()
    this.#tokens = tokens
    return tokens
  }

  /** New tokens, or undefined when the server has ended the session. */
  async #refresh(stale: TokenSet, refreshToken: string, signal?: AbortSignal): Promise<TokenSet | undefined> {
    try {
      const grant = await this.#options.refresh(refreshToken, signal)
      return await this.#keep(tokensFromGrant(grant, this.#options.now(), stale))
    } catch (error) {
      if (!endsSession(error)) throw error
      return this.#renewedElsewhere(stale)
    }
  }

  async #signIn(): Promise<TokenSet | undefined> {
    const tokens = await this.#options.vault.signIn?.()
    return tokens === undefined ? undefined : this.#keep(tokens)
  }

  async #keep(tokens: TokenSet): Promise<TokenSet> {
    await this.#options.vault.save(tokens)
    return tokens
  }

  /** Another process may have renewed in the meantime: then its tokens are ours too. */
  async #renewedElsewhere(stale: TokenSet): Promise<TokenSet | undefined> {
    const stored = await this.#options.vault.load()
    return stored !== undefined && stored.accessToken !== stale.accessToken ? stored : undefined
  }
}

/** The server's "no" to a refresh token, as against a fault on the way. */
function endsSession(error: unknown): boolean {
  return error instanceof VezaError && ['signed_out', 'forbidden', 'refused'].includes(error.code)
}

function bearer(tokens: TokenSet): Readonly<Record<string, string>> {
  return {authorization: `Bearer ${tokens.accessToken}`}
}

function signedOut(): VezaError {
  return new VezaError('signed_out', 'not signed in', {hint: 'run: veza auth login'})
}

function sessionOver(): VezaError {
  return new VezaError('signed_out', 'the session is over', {hint: 'sign in again: veza auth login'})
}

/** A key that is sent as it is and never renewed (section 2 of the contract, `X-API-Key`). */
export function apiKeySource(key: string): TokenSource {
  return {headers: async () => ({'x-api-key': key}), renew: async () => false}
}
