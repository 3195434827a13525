import {randomUUID} from 'node:crypto'
import {join} from 'node:path'
import type {User} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import {assertWritable} from '../state/atomic-file.js'
import {withLock} from '../state/lock.js'
import {
  accountOf,
  indexPath,
  openSessionIndex,
  type SessionEntry,
  type SessionIndex,
} from './session-index.js'
import {encryptedFileStore} from './stores/encrypted-file.js'
import {fileStore} from './stores/file.js'
import {keychainStore} from './stores/keychain.js'
import type {SecretStore, StoreKind} from './stores/secret-store.js'
import type {SessionBus} from './stores/session-bus.js'
import {type Credential, serialiseCredential, storedVault, type TokenVault} from './token-vault.js'

/** A call takes some 20 ms; where the keychain hangs and many wait, this ends it for all of them. */
const KEYCHAIN_WAIT_MS = 20_000

/** What the accounts of this machine need. */
export interface AccountsOptions {
  readonly server: string
  readonly stateDir: string
  readonly bus: SessionBus
  /** The passphrase of the encrypted file; undefined or empty where none was given. */
  readonly passphrase: () => Promise<string | undefined>
  /** Told, in words for a person, of a file with a session that others could read. */
  readonly onExposed: (notice: string) => void
  readonly now: () => number
}

/** Where a new session may be kept. */
export interface StoragePolicy {
  /** In a plain file of mode 0600, because the user said so. */
  readonly insecure: boolean
  /** In the keychain or not at all. */
  readonly requireKeychain: boolean
  /** Told why the keychain is not used and an encrypted file is. */
  readonly onStepDown: (reason: string) => void
}

/** Who has signed in, and with what. */
export interface SignedIn {
  readonly user: User
  readonly credential: Credential
}

/** A signed-in account: its entry in the index and where its secret is, for a person. */
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
    if (entry === undefined) return undefined
    return {entry, place: this.store(entry.store).place}
  }

  /** Where the secret of an account is kept between two commands. */
  vault(account: Account): TokenVault {
    const {entry} = account
    return storedVault(this.store(entry.store), accountOf(entry), this.#lockPath(entry))
  }

  /**
   * Signs in by `authenticate` and keeps what it gives. That it can be kept is checked first, so that no session is
   * opened on the server which would then be lost.
   * @throws {VezaError} `config` when nothing can keep it, `signed_out` where only the keychain may and it cannot, and
   * whatever `authenticate` throws.
   */
  async signIn(authenticate: () => Promise<SignedIn>, policy: StoragePolicy): Promise<Account> {
    const {server, stateDir, now} = this.#options
    await assertWritable(indexPath(stateDir))
    await this.#index.find(server)
    const store = await this.#choose(policy)
    const {user, credential} = await authenticate()
    const entry: SessionEntry = {
      server,
      username: user.username,
      user_id: user.id,
      role: user.role,
      kind: 'apiKey' in credential ? 'api-key' : 'session',
      store: store.kind,
      signed_in_at: new Date(now()).toISOString(),
    }
    await this.#replace(entry, store, credential)
    return {entry, place: store.place}
  }

  /** Under the lock of the account's renewals: one that is under way must not put the older session back. */
  #replace(entry: SessionEntry, store: SecretStore, credential: Credential): Promise<void> {
    return withLock(this.#lockPath(entry), async () => {
      const older = await this.#index.find(entry.server, entry.username)
      await store.write(accountOf(entry), serialiseCredential(credential))
      await this.#index.put(entry)
      if (older !== undefined && isElsewhere(older, entry)) {
        // Its keychain may be out of reach by now, which is no reason to refuse the new session.
        await this.store(older.store)
          .remove(accountOf(older))
          .catch(() => undefined)
      }
    })
  }

  /** Removes the account's secret and its entry; the server is not asked. */
  async forget(account: Account): Promise<void> {
    const {entry} = account
    await withLock(this.#lockPath(entry), () => this.store(entry.store).remove(accountOf(entry)))
    await this.#index.remove(entry)
  }

  /** A store by its kind. The encrypted one throws `signed_out` when it is used without a passphrase. */
  store(kind: StoreKind): SecretStore {
    const {bus, onExposed, stateDir} = this.#options
    if (kind === 'keychain') {
      const lockPath = this.#lockFile('keychain')
      return keychainStore({
        bus,
        exclusively: call => withLock(lockPath, call, {timeoutMs: KEYCHAIN_WAIT_MS}),
      })
    }
    const folder = join(stateDir, 'credentials')
    if (kind === 'file') return fileStore(folder, onExposed)
    const given = async (): Promise<string> => {
      const phrase = await this.#passphrase()
      if (phrase === undefined) throw noPassphrase()
      return phrase
    }
    return encryptedFileStore(folder, given, onExposed)
  }

  async #passphrase(): Promise<string | undefined> {
    return (await this.#options.passphrase()) || undefined
  }

  #lockPath(entry: SessionEntry): string {
    return this.#lockFile(`account-${fileNameOf(accountOf(entry))}`)
  }

  #lockFile(name: string): string {
    return join(this.#options.stateDir, 'locks', `${name}.lock`)
  }

  /** Keychain, else a file encrypted under a passphrase; a plain file only when that was asked for. */
  async #choose(policy: StoragePolicy): Promise<SecretStore> {
    if (policy.insecure && !policy.requireKeychain) return this.#keeping('file')
    try {
      return await this.#keeping('keychain')
    } catch (error) {
      if (!(error instanceof VezaError)) throw error
      if (policy.requireKeychain) throw keychainRequired(error)
      if ((await this.#passphrase()) === undefined) throw error
      policy.onStepDown(error.message)
      return this.#keeping('encrypted-file')
    }
  }

  async #keeping(kind: StoreKind): Promise<SecretStore> {
    const store = this.store(kind)
    await assertKeeps(store)
    return store
  }
}

/** Checks that a store keeps what it is given. @throws {VezaError} as the store's own methods. */
export async function assertKeeps(store: SecretStore): Promise<void> {
  const probe = `probe-${randomUUID()}`
  await store.write(probe, probe)
  await store.remove(probe)
}

/** The error for a command that needs a session where there is none. */
export function notSignedIn(server: string, hint = 'run: veza auth login'): VezaError {
  return new VezaError('signed_out', `not signed in to ${server}`, {hint})
}

function noPassphrase(): VezaError {
  return new VezaError('signed_out', 'the session is in an encrypted file, and there is no passphrase', {
    hint: 'set VEZA_PASSPHRASE, or VEZA_PASSPHRASE_FILE to a file that holds it',
  })
}

function keychainRequired({message, cause}: VezaError): VezaError {
  return new VezaError('signed_out', `only the keychain may keep the session: ${message}`, {
    hint: 'unlock the keychain, or do without --require-keychain',
    cause,
  })
}

/** Whether the older secret of an account outlives the newer; both kinds of files have the same name. */
function isElsewhere(older: SessionEntry, newer: SessionEntry): boolean {
  const isSame = accountOf(older) === accountOf(newer)
  return isSame && (older.store === 'keychain') !== (newer.store === 'keychain')
}

/** Account names hold addresses; the lock's name needs only to be the same for the same account. */
function fileNameOf(account: string): string {
  return Buffer.from(account).toString('base64url').slice(-100)
}
