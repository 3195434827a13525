import type {User} from '../../contract/resources.js'
import type {AuthApi} from '../api/auth.js'
import {assertWritable} from '../config/json-file.js'
import {VezaError} from '../errors/veza-error.js'
import {
  accountOf,
  indexPath,
  openSessionIndex,
  type SessionEntry,
  type SessionIndex,
} from './session-index.js'
import {fileStore} from './stores/file.js'
import {keychainStore} from './stores/keychain.js'
import type {SecretStore} from './stores/secret-store.js'
import {serialiseTokens, tokensFromGrant} from './token-set.js'
import {storedVault, type TokenVault} from './token-vault.js'

/** What the accounts of this machine need. */
export interface AccountsOptions {
  readonly server: string
  readonly stateDir: string
  /** Calls of section 2 of the contract, over a client that carries no token. */
  readonly authApi: AuthApi
  readonly now: () => number
}

/** Who to sign in, and where to keep the tokens. */
export interface SignInRequest {
  readonly username: string
  readonly password: string
  /** In a file of mode 0600 instead of the OS keychain. */
  readonly insecureStorage: boolean
}

/** A signed-in account: its entry in the index and where its tokens are, for a person. */
export interface Account {
  readonly entry: SessionEntry
  readonly place: string
}

/** The accounts signed in on this machine at one server. */
export class Accounts {
  readonly #options: AccountsOptions
  readonly #index: SessionIndex

  constructor(options: AccountsOptions) {
    this.#options = options
    this.#index = openSessionIndex(options.stateDir)
  }

  /** The account of `username`, or the one signed in last. */
  async find(username?: string): Promise<Account | undefined> {
    const entry = await this.#index.find(this.#options.server, username)
    return entry === undefined ? undefined : {entry, place: this.#store(entry.store).place}
  }

  /** Where the tokens of an account are kept between two commands. */
  vault(account: Account): TokenVault {
    return storedVault(this.#store(account.entry.store), accountOf(account.entry))
  }

  /**
   * Signs in and keeps the tokens (section 2 of the contract). That they can be kept is checked first, so that no
   * session is opened on the server which would then be lost.
   * @throws {VezaError} `config` when the keychain or the folder cannot be used, `signed_out` on a wrong password.
   */
  async signIn(request: SignInRequest): Promise<Account> {
    const {server, stateDir, authApi, now} = this.#options
    const store = this.#store(request.insecureStorage ? 'file' : 'keychain')
    await assertWritable(indexPath(stateDir))
    await assertKeeps(store)
    const grant = await authApi.login({username: request.username, password: request.password})
    const entry = entryOf(server, request.username, grant.user, store.kind, now())
    await store.write(accountOf(entry), serialiseTokens(tokensFromGrant(grant, now())))
    await this.#index.put(entry)
    return {entry, place: store.place}
  }

  /** Removes the account's tokens and its entry; the server is not asked. */
  async forget(account: Account): Promise<void> {
    await this.#store(account.entry.store).remove(accountOf(account.entry))
    await this.#index.remove(account.entry)
  }

  #store(kind: SessionEntry['store']): SecretStore {
    return kind === 'keychain' ? keychainStore() : fileStore(`${this.#options.stateDir}/credentials`)
  }
}

const PROBE = 'probe'

async function assertKeeps(store: SecretStore): Promise<void> {
  await store.write(PROBE, PROBE)
  await store.remove(PROBE)
}

function entryOf(
  server: string,
  username: string,
  user: User | undefined,
  store: SessionEntry['store'],
  nowMs: number,
): SessionEntry {
  return {
    server,
    // The server's spelling, so that the name given in another case does not make a second account.
    username: user?.username ?? username,
    user_id: user?.id,
    role: user?.role,
    store,
    signed_in_at: new Date(nowMs).toISOString(),
  }
}

/** The error for a command that needs a session where there is none. */
export function notSignedIn(server: string): VezaError {
  return new VezaError('signed_out', `not signed in to ${server}`, {hint: 'run: veza auth login'})
}
