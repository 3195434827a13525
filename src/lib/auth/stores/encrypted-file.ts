import {VezaError} from '../../errors/veza-error.js'
import {fileStore} from './file.js'
import type {SecretStore} from './secret-store.js'

/** OWASP's count for PBKDF2 with SHA-512; about 0.1 s. */
const ITERATIONS = 210_000
const HEADER = {alg: 'PBES2-HS512+A256KW', enc: 'A256GCM'} as const

/**
 * Files as those of `fileStore`, each secret encrypted under a passphrase: a JWE with a key derived by PBKDF2. For
 * machines without a keychain. The passphrase is asked for when one is needed; `remove` needs none.
 * @throws {VezaError} `signed_out` from `read` when the passphrase is not the one it was written with.
 */
export function encryptedFileStore(
  folder: string,
  passphrase: () => Promise<string>,
  onExposed: (notice: string) => void,
): SecretStore {
  const files = fileStore(folder, onExposed)
  const key = async (): Promise<Uint8Array> => new TextEncoder().encode(await passphrase())
  return {
    kind: 'encrypted-file',
    place: `${folder} (encrypted)`,
    read: async account => {
      const sealed = await files.read(account)
      return sealed === undefined ? undefined : open(sealed, await key())
    },
    write: async (account, secret) => files.write(account, await seal(secret, await key())),
    remove: account => files.remove(account),
  }
}

async function seal(secret: string, key: Uint8Array): Promise<string> {
  const {CompactEncrypt} = await import('jose/jwe/compact/encrypt')
  return new CompactEncrypt(new TextEncoder().encode(secret))
    .setProtectedHeader(HEADER)
    .setKeyManagementParameters({p2c: ITERATIONS})
    .encrypt(key)
}

async function open(sealed: string, key: Uint8Array): Promise<string> {
  const {compactDecrypt} = await import('jose/jwe/compact/decrypt')
  try {
    const {plaintext} = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: [HEADER.alg],
      contentEncryptionAlgorithms: [HEADER.enc],
      maxPBES2Count: ITERATIONS,
    })
    return new TextDecoder().decode(plaintext)
  } catch (cause) {
    throw new VezaError(
      'signed_out',
      'the stored session cannot be decrypted: another passphrase, or a damaged file',
      {
        hint: 'give the passphrase it was stored with in VEZA_PASSPHRASE, or sign in again',
        cause,
      },
    )
  }
}
