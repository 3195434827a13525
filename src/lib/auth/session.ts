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
  /**
   * Exchanges a refresh token for new tokens, `POST /auth/refresh`, over a client that carries no token itself. Nothing
   * aborts it half-way: the server may have rotated the token already, and its answer is the only copy of the new one.
   */
  readonly refresh: (refreshToken: string) => Promise<TokenGrant>
  /** This machine's clock in milliseconds since 1970. */
  readonly now: () => number
  /** How far the server's clock is ahead of ours, in milliseconds, as far as is known. Default: 0. */
  readonly skewMs?: () => number
  /** An access token with less left is renewed before it is used. Default: 30,000. */
  readonly renewBeforeMs?: number | undefined
}

/**
 * The one source of a valid access token (section 2 of the contract): loads it, renews it 30 s before its end or when
 * the server rejects it, once at a time in this process and, by the vault, on this machine, and keeps the rotated
 * refresh token before anything uses the new access token.
 */
export class Session implements TokenSource {
  readonly #options: SessionOptions
  #tokens: TokenSet | undefined
  #loading: Promise<void> | undefined
  #renewal: Promise<TokenSet> | undefined
  /** Tokens that the vault did not take, and those there that they replace: spent, and never to be used again. */
  #unsaved: {readonly spent: TokenSet | undefined; readonly tokens: TokenSet} | undefined

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
   * was needed and the server could not be asked: nothing is deleted then. The reason of `signal`, which ends this wait
   * but not the renewal.
   */
  async tokens(signal?: AbortSignal): Promise<TokenSet> {
    await this.#loaded()
    const tokens = this.#tokens
    // What cannot be renewed is used to its end: by our clock it may seem over while by the server's it is not.
    if (tokens !== undefined && !(this.#endsSoon(tokens) && this.#canRenew(tokens))) return tokens
    return this.#renewOnce(tokens, signal)
  }

  /** Renews whatever time is left. @throws {VezaError} as `tokens`. */
  async forceRenewal(signal?: AbortSignal): Promise<TokenSet> {
    await this.#loaded()
    return this.#renewOnce(this.#tokens, signal)
  }

  /** Resolves when no renewal is under way, so that a command which ends does not lose one. */
  async settled(): Promise<void> {
    await this.#renewal?.catch(() => undefined)
  }

  /** Once; a keychain that could not be read is asked again by the next request. */
  #loaded(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined
      throw error
    })
    return this.#loading
  }

  async #load(): Promise<void> {
    this.#tokens = await this.#options.vault.load()
  }

  #canRenew(tokens: TokenSet): boolean {
    return tokens.refreshToken !== undefined || this.#options.vault.signIn !== undefined
  }

  #endsSoon(tokens: TokenSet): boolean {
    const {now, renewBeforeMs = RENEW_BEFORE_MS} = this.#options
    return tokens.expiresAtMs !== undefined && tokens.expiresAtMs - now() < renewBeforeMs
  }

  /** All who need a renewal at once share one. */
  #renewOnce(stale: TokenSet | undefined, signal?: AbortSignal): Promise<TokenSet> {
    signal?.throwIfAborted()
    this.#renewal ??= this.#options.vault
      .exclusively(() => this.#obtain(stale), signal)
      .finally(() => {
        this.#renewal = undefined
      })
    return unlessAborted(this.#renewal, signal)
  }

  /** Under the vault's lock: whoever waited for it finds what the one before has got. */
  async #obtain(stale: TokenSet | undefined): Promise<TokenSet> {
    const stored = await this.#stored()
    if (stored !== undefined && stored.accessToken !== stale?.accessToken && !this.#endsSoon(stored)) {
      this.#tokens = stored
      return stored
    }
    const latest = stored ?? stale
    const refreshed =
      latest?.refreshToken === undefined ? undefined : await this.#refresh(latest, latest.refreshToken)
    const tokens = refreshed ?? (await this.#signIn())
    if (tokens === undefined) throw latest === undefined ? signedOut() : sessionOver(this.#options.vault)
    return tokens
  }

  /** New tokens, or undefined when the server has ended the session. */
  async #refresh(latest: TokenSet, refreshToken: string): Promise<TokenSet | undefined> {
    const {now, skewMs = () => 0} = this.#options
    let grant: TokenGrant
    try {
      grant = await this.#options.refresh(refreshToken)
    } catch (error) {
      if (!endsSession(error)) throw error
      return this.#afterRefusal(latest)
    }
    return this.#keep(tokensFromGrant(grant, {nowMs: now(), skewMs: skewMs(), previous: latest}), latest)
  }

  /** Tokens are given up only when nobody, by whatever way, has put others there. */
  async #afterRefusal(refused: TokenSet): Promise<TokenSet | undefined> {
    const stored = await this.#stored()
    if (stored !== undefined && stored.refreshToken !== refused.refreshToken) {
      this.#tokens = stored
      return stored
    }
    this.#tokens = undefined
    this.#unsaved = undefined
    // What cannot be removed does no harm: the server refuses it each time, and the user is to hear that, not this.
    await this.#options.vault.forget().catch(() => undefined)
    return undefined
  }

  async #signIn(): Promise<TokenSet | undefined> {
    const tokens = await this.#options.vault.signIn?.()
    return tokens === undefined ? undefined : this.#keep(tokens, undefined)
  }

  /** Even where they cannot be stored these are the good ones: the old refresh token is spent. */
  async #keep(tokens: TokenSet, spent: TokenSet | undefined): Promise<TokenSet> {
    this.#tokens = tokens
    this.#unsaved = {spent: this.#unsaved?.spent ?? spent, tokens}
    await this.#options.vault.save(tokens).catch((error: unknown) => {
      throw spent === undefined ? error : renewedInVain(error)
    })
    this.#unsaved = undefined
    return tokens
  }

  /** What the vault has, unless this process has spent just that and could not put the new ones there. */
  async #stored(): Promise<TokenSet | undefined> {
    const stored = await this.#options.vault.load()
    const unsaved = this.#unsaved
    return unsaved !== undefined && stored?.accessToken === unsaved.spent?.accessToken
      ? unsaved.tokens
      : stored
  }
}

/** The promise, or the signal's reason where that comes first. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  signal.throwIfAborted()
  const {promise: aborted, stop} = rejectionOf(signal)
  try {
    return await Promise.race([promise, aborted])
  } finally {
    stop()
  }
}

function rejectionOf(signal: AbortSignal): {promise: Promise<never>; stop: () => void} {
  let onAbort = (): void => undefined
  const promise = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, {once: true})
  })
  return {promise, stop: () => signal.removeEventListener('abort', onAbort)}
}

/** The server's "no" to a refresh token, as against a fault on the way: an answer without its code is a proxy's. */
function endsSession(error: unknown): boolean {
  if (!(error instanceof VezaError)) return false
  return ['signed_out', 'forbidden', 'refused'].includes(error.code) && error.serverCode !== undefined
}

function bearer(tokens: TokenSet): Readonly<Record<string, string>> {
  return {authorization: `Bearer ${tokens.accessToken}`}
}

function signedOut(): VezaError {
  return new VezaError('signed_out', 'not signed in', {hint: 'run: veza auth login'})
}

function sessionOver({advice}: TokenVault): VezaError {
  return new VezaError('signed_out', 'the session is over', {hint: advice})
}

/** The old refresh token is spent: what could not be stored is lost to the next process. */
function renewedInVain(error: unknown): unknown {
  if (!(error instanceof VezaError)) return error
  return new VezaError(error.code, `the session was renewed and cannot be kept: ${error.message}`, {
    hint: 'mend that, then sign in again: veza auth login',
    cause: error,
  })
}

/** A key that is sent as it is and never renewed (section 2 of the contract, `X-API-Key`). */
export function apiKeySource(key: string): TokenSource {
  return {headers: async () => ({'x-api-key': key}), renew: async () => false}
}

/** An access token that is sent as it is and never renewed. */
export function bearerSource(accessToken: string): TokenSource {
  return {headers: async () => bearer({accessToken}), renew: async () => false}
}
