import type {SecretStore} from '../../../../src/lib/auth/stores/secret-store.js'

/** The machine was switched off. */
export class Crash extends Error {}

/**
 * A store in memory that keeps text as a native one does, as UTF-8, and can be switched off before its nth change:
 * every later call fails until `restart`.
 */
export class MemoryStore implements SecretStore {
  readonly kind = 'keychain'
  readonly place = 'memory'
  readonly kept = new Map<string, string>()
  /** Changes until the crash. */
  changesLeft = Number.POSITIVE_INFINITY
  /** Called before each read. */
  beforeRead: (account: string) => Promise<void> = async () => {}

  async read(account: string): Promise<string | undefined> {
    await this.beforeRead(account)
    return this.kept.get(account)
  }

  async write(account: string, secret: string): Promise<void> {
    this.#change()
    this.kept.set(account, Buffer.from(secret).toString())
  }

  async remove(account: string): Promise<void> {
    this.#change()
    this.kept.delete(account)
  }

  restart(): void {
    this.changesLeft = Number.POSITIVE_INFINITY
  }

  #change(): void {
    if (this.changesLeft <= 0) throw new Crash('switched off')
    this.changesLeft -= 1
  }
}
