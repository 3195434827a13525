import {VezaError} from '../../errors/veza-error.js'
import type {SecretStore} from './secret-store.js'

const MARK = 'veza-parts:'

/**
 * A store whose entries hold at most `maxChars`: a longer secret is kept in parts under `ACCOUNT#GENERATION.INDEX`, and the
 * entry of the account names them. The parts are written before the entry, under a new generation each time, so that a
 * crash at any moment leaves the old secret or the new one.
 * @param newGeneration a name that was never used for this account.
 * @throws {VezaError} `signed_out` from `read` when a part is missing.
 */
export function splitStore(store: SecretStore, maxChars: number, newGeneration: () => string): SecretStore {
  const removeParts = async (account: string, entry: string | undefined): Promise<void> => {
    for (const name of partNames(account, entry)) await store.remove(name)
  }
  return {
    kind: store.kind,
    place: store.place,
    read: async account => {
      const entry = await store.read(account)
      return entry?.startsWith(MARK) ? join(await readAll(store, partNames(account, entry))) : entry
    },
    write: async (account, secret) => {
      const old = await store.read(account)
      await store.write(account, await writeParts(store, account, secret, {maxChars, newGeneration}))
      await removeParts(account, old)
    },
    remove: async account => {
      const old = await store.read(account)
      await store.remove(account)
      await removeParts(account, old)
    },
  }
}

interface Splitting {
  readonly maxChars: number
  readonly newGeneration: () => string
}

/** What the account's own entry is to hold: the secret, or where its parts are. */
async function writeParts(
  store: SecretStore,
  account: string,
  secret: string,
  {maxChars, newGeneration}: Splitting,
): Promise<string> {
  if (secret.length <= maxChars) return secret
  const entry = `${MARK}${newGeneration()}:${Math.ceil(secret.length / maxChars)}`
  const names = partNames(account, entry)
  for (const [index, name] of names.entries()) {
    await store.write(name, secret.slice(index * maxChars, (index + 1) * maxChars))
  }
  return entry
}

function partNames(account: string, entry: string | undefined): string[] {
  if (!entry?.startsWith(MARK)) return []
  const [generation, count] = entry.slice(MARK.length).split(':')
  return Array.from({length: Number(count)}, (_, index) => `${account}#${generation}.${index}`)
}

async function readAll(store: SecretStore, names: readonly string[]): Promise<(string | undefined)[]> {
  const parts: (string | undefined)[] = []
  for (const name of names) parts.push(await store.read(name))
  return parts
}

function join(parts: readonly (string | undefined)[]): string {
  if (parts.every(part => part !== undefined)) return parts.join('')
  throw new VezaError('signed_out', 'a part of the stored session is missing', {
    hint: 'sign in again: veza auth login',
  })
}
