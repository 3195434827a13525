import {assertKeeps} from '../../auth/accounts.js'
import type {SecretStore} from '../../auth/stores/secret-store.js'
import {VezaError} from '../../errors/veza-error.js'
import {failed, ok, skipped, type Verdict, warning} from './check.js'

/**
 * Whether a store keeps what it is given: writes, reads back where the store does, and removes a probe.
 * @param needed whether the session is in there, or must be: then it has to work.
 */
export async function checkStore(store: SecretStore, needed: boolean): Promise<Verdict> {
  try {
    await assertKeeps(store)
    return ok(store.place)
  } catch (error) {
    if (!(error instanceof VezaError)) throw error
    if (needed) return failed(error)
    // Of a store that nobody has given a passphrase there is nothing to mend.
    return error.code === 'signed_out'
      ? skipped('no passphrase is given')
      : warning(error.message, error.hint)
  }
}
