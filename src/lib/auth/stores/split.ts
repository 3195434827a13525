import {VezaError} from '../../errors/veza-error.js'
import type {SecretStore} from './secret-store.js'

const MARK = 'veza-parts:'

/**
 * A store whose entries hold at most `maxChars`: a longer secret is kept in parts under `ACCOUNT#GENERATION.INDEX`, and the
 * entry of the account names them. The parts are written before the entry, under a new generation each time, so that a
 * crash at any moment leaves the old secret or the new one.
 * @param maxChars at least 2, in UTF-16 units.
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
    read: account => readWhole(store, account),
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
  if (secret.length <= maxChars && !secret.startsWith(MARK)) return secret
  const parts = cut(secret, maxChars)
  const entry = `${MARK}${newGeneration()}:${parts.length}`
  const names = partNames(account, entry)
  for (const [index, name] of names.entries()) await store.write(name, parts[index] ?? '')
  return entry
}

/** Parts of at most `maxChars` UTF-16 units, none of which ends in the middle of a character: stores keep no half ones. */
function cut(secret: string, maxChars: number): string[] {
  const parts: string[] = []
  for (let start = 0; start < secret.length; start += parts.at(-1)?.length ?? 0) {
    const end = start + maxChars
    const isHalf = end < secret.length && /[\ud800-\udbff]/.test(secret.charAt(end - 1))
    parts.push(secret.slice(start, isHalf ? end - 1 : end))
  }
  return parts
}

function partNames(account: string, entry: string | undefined): string[] {
  if (!entry?.startsWith(MARK)) return []
  const [generation, count] = entry.slice(MARK.length).split(':')
  return Array.from({length: Number(count)}, (_, index) => `${account}#${generation}.${index}`)
}

async function readWhole(store: SecretStore, account: string): Promise<string | undefined> {
  let entry = await store.read(account)
  while (entry?.startsWith(MARK)) {
    const parts = await readAll(store, partNames(account, entry))
    if (parts !== undefined) return parts.join('')
    const latest = await store.read(account)
    if (latest === entry) throw incomplete()
    // Another process has written the next secret and removed the parts of this one while they were read.
    entry = latest
  }
  return entry
}

/** All of the parts, or undefined where one is missing. */
async function readAll(store: SecretStore, names: readonly string[]): Promise<string[] | undefined> {
  const parts: string[] = []
  for (const name of names) {
    const part = await store.read(name)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return parts
}

function incomplete(): VezaError {
  return new VezaError('signed_out', 'a part of the stored session is missing', {
    hint: 'sign in again: veza auth login',
  })
}
