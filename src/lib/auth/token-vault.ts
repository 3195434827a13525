import {withLock} from '../state/lock.js'
import type {SecretStore} from './stores/secret-store.js'
import type {TokenSet} from './token-set.js'

/** What a store keeps for an account: tokens, or an API key. */
export type Credential = TokenSet | {readonly apiKey: string}

/** Where one account's tokens are kept between two uses, and perhaps how to get the first ones. */
export interface TokenVault {
  /** What a person can do once the server has ended the session. */
  readonly advice: string
  /** The tokens as they are there now, perhaps renewed by another process. */
  load(): Promise<TokenSet | undefined>
  /** Keeps renewed tokens; resolves only when they are safe. */
  save(tokens: TokenSet): Promise<void>
  /** Gives the tokens up: the server has ended their session. */
  forget(): Promise<void>
  /** Runs `work` while nobody else on this machine runs theirs for the same tokens. `signal` ends the wait, not the work. */
  exclusively<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Signs in afresh where the vault knows a password; absent where it does not. */
  readonly signIn?: () => Promise<TokenSet>
}

/** Tokens of a signed-in account in a store; `lockPath` is the lock under which they are renewed. */
export function storedVault(store: SecretStore, account: string, lockPath: string): TokenVault {
  return {
    advice: 'sign in again: veza auth login',
    load: async () => {
      const text = await store.read(account)
      const credential = text === undefined ? undefined : parseCredential(text)
      return credential !== undefined && 'accessToken' in credential ? credential : undefined
    },
    save: tokens => store.write(account, serialiseCredential(tokens)),
    forget: () => store.remove(account),
    exclusively: (work, signal) => withLock(lockPath, work, {signal}),
  }
}

/**
 * Tokens that live and die with this process: given by the environment, or got by `signIn` with the user name and
 * password from there. Nothing is written anywhere.
 */
export function memoryVault(given: TokenSet | undefined, signIn?: TokenVault['signIn']): TokenVault {
  let held = given
  return {
    advice: 'replace or unset the variable that holds it, such as VEZA_TOKEN',
    load: async () => held,
    save: async tokens => {
      held = tokens
    },
    forget: async () => {
      held = undefined
    },
    exclusively: work => work(),
    ...(signIn === undefined ? {} : {signIn}),
  }
}

/** The text a store keeps. */
export function serialiseCredential(credential: Credential): string {
  return JSON.stringify(credential)
}

/** A credential from a store's text, or undefined where the text is none of ours. */
export function parseCredential(text: string): Credential | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isCredential(value) ? value : undefined
}

function isCredential(value: unknown): value is Credential {
  if (typeof value !== 'object' || value === null) return false
  return (
    ('accessToken' in value && typeof value.accessToken === 'string') ||
    ('apiKey' in value && typeof value.apiKey === 'string')
  )
}
