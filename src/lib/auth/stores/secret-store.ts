/** The kinds of stores. */
export type StoreKind = 'keychain' | 'encrypted-file' | 'file'

/** A place that keeps one secret text an account. */
export interface SecretStore {
  readonly kind: StoreKind
  /** Where it is, for a person: "the macOS Keychain", "/home/me/.local/state/veza/credentials". */
  readonly place: string
  /** The secret, or undefined where there is none. */
  read(account: string): Promise<string | undefined>
  /**
   * Stores it so that a later `read`, also by another process, gives this text; all of it or nothing. Nobody else
   * writes the same account meanwhile.
   */
  write(account: string, secret: string): Promise<void>
  /** Removes it; removing what is not there is no error. */
  remove(account: string): Promise<void>
}
