import type {AsyncEntry} from '@napi-rs/keyring'
import {VezaError} from '../../errors/veza-error.js'
import type {SecretStore} from './secret-store.js'
import {assertBusAnswers, type SessionBus} from './session-bus.js'
import {splitStore} from './split.js'

const SERVICE = 'veza-cli'
/** A hung keychain daemon must not hang a pipeline: each call may take so long. */
const CALL_TIMEOUT_MS = 3000
/** Less, so that it is told which of the two is silent. */
const BUS_TIMEOUT_MS = 2500
/** The Windows Credential Manager takes 2,560 bytes of UTF-16. */
const WINDOWS_MAX_CHARS = 1280

/** What the keychain of a machine depends on. */
export interface KeychainOptions {
  /** Default: this machine's. */
  readonly platform?: NodeJS.Platform
  readonly bus: SessionBus
  /**
   * Runs a call while no other veza on this machine runs one. Fifty at once make a Secret Service slower than the bound
   * of a call, and gnome-keyring was seen to crash, which locks every keyring of the user.
   */
  readonly exclusively: <T>(call: () => Promise<T>) => Promise<T>
}

/**
 * The OS keychain: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows. The native library is
 * loaded on first use, and each call is bounded at 3 s.
 * @throws {VezaError} `config` from each method when the keychain is missing, locked or silent; it says which. What
 * `exclusively` throws.
 */
export function keychainStore(options: KeychainOptions): SecretStore {
  const {platform = process.platform, bus, exclusively} = options
  const call = <T>(verb: string, account: string, use: (entry: AsyncEntry) => Promise<T>): Promise<T> => {
    const work = async (): Promise<T> => {
      if (platform === 'linux') await assertBusAnswers(bus, BUS_TIMEOUT_MS)
      return use(await open(account))
    }
    return exclusively(() => bounded(verb, work))
  }
  const store: SecretStore = {
    kind: 'keychain',
    place: placeName(platform),
    read: async account => (await call('read', account, entry => entry.getPassword())) ?? undefined,
    write: async (account, secret) => {
      await call('write', account, entry => entry.setPassword(secret))
      // A keychain that was never unlocked may accept a write and keep nothing: only a read proves it.
      const kept = await call('read', account, entry => entry.getPassword())
      if (kept !== secret) throw unusable('it did not keep what was written; it may be locked')
    },
    remove: async account => {
      await call('remove', account, entry => entry.deletePassword())
    },
  }
  return platform === 'win32' ? splitStore(store, WINDOWS_MAX_CHARS, newGeneration) : store
}

function newGeneration(): string {
  return `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`
}

function placeName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'the macOS Keychain'
  if (platform === 'win32') return 'the Windows Credential Manager'
  return 'the keychain (Secret Service)'
}

async function bounded<T>(verb: string, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${CALL_TIMEOUT_MS / 1000} s`)),
      CALL_TIMEOUT_MS,
    )
  })
  try {
    return await Promise.race([work(), deadline])
  } catch (cause) {
    throw unusable(`cannot ${verb}: ${reason(cause)}`, cause)
  } finally {
    clearTimeout(timer)
  }
}

async function open(account: string): Promise<AsyncEntry> {
  const keyring = await import('@napi-rs/keyring')
  // Pinned: left to itself the library falls back to the kernel keyring, which a reboot empties.
  return new keyring.AsyncEntry(SERVICE, account, {linux: {store: 'secret-service'}})
}

function reason(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? 'unknown reason') : 'unknown reason'
}

function unusable(what: string, cause?: unknown): VezaError {
  return new VezaError('config', `the OS keychain cannot be used: ${what}`, {
    hint: 'unlock it; or set VEZA_PASSPHRASE for an encrypted file, or use --insecure-storage, or set VEZA_TOKEN',
    cause,
  })
}
