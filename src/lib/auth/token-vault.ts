import type {SecretStore} from './stores/secret-store.js'
import {parseTokens, serialiseTokens, type TokenSet} from './token-set.js'

/** Where one account's tokens are kept between two uses, and perhaps how to get the first ones. */
export interface TokenVault {
  /** For a person: "the environment", "the keychain (Secret Service)". */
  readonly place: string
  /** The tokens as they are there now, perhaps renewed by another process. */
  load(): Promise<TokenSet | undefined>
  /** Keeps renewed tokens; resolves only when they are safe. */
  save(tokens: TokenSet): Promise<void>
  /** Signs in afresh where the vault knows a password; absent where it does not. */
  readonly signIn?: () => Promise<TokenSet>
}

/** Tokens of a signed-in account in a store. */
export function storedVault(store: SecretStore, account: string): TokenVault {
  return {
    place: store.place,
    load: async () => {
      const text = await store.read(account)
      return text === undefined ? undefined : parseTokens(text)
    },
    save: tokens => store.write(account, serialiseTokens(tokens)),
  }
}

/**
 * Tokens that live and die with this process: given by the environment, or got by `signIn` with the user name and
 * password from there. Nothing is written anywhere.
 */
export function memoryVault(given: TokenSet | undefined, signIn?: TokenVault['signIn']): TokenVault {
  let held = given
  return {
    place: 'the environment',
    load: async () => held,
    save: async tokens => {
      held = tokens
    },
    ...(signIn === undefined ? {} : {signIn}),
  }
}
