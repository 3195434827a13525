import {join} from 'node:path'
import {readJsonFile, writeJsonFile} from '../config/json-file.js'
import {VezaError} from '../errors/veza-error.js'
import {withLock} from '../state/lock.js'
import type {StoreKind} from './stores/secret-store.js'

const VERSION = 1
const STORES: readonly StoreKind[] = ['keychain', 'encrypted-file', 'file']

/** What is remembered of a signed-in account: everything but its secrets. */
export interface SessionEntry {
  readonly server: string
  readonly username: string
  readonly user_id?: number | undefined
  readonly role?: string | undefined
  /** Tokens that are renewed, or a key that is not. Absent: tokens. */
  readonly kind?: 'session' | 'api-key' | undefined
  /** Which store holds its secret. */
  readonly store: StoreKind
  readonly signed_in_at: string
}

/**
 * The list of signed-in accounts, `sessions.json` in the state folder: it tells which store to open without asking
 * each one. The account signed in last is the current one of its server.
 */
export interface SessionIndex {
  /** The entry of `username` on `server`; without a name the one signed in last. */
  find(server: string, username?: string): Promise<SessionEntry | undefined>
  /** Adds or replaces an entry and makes it the current one of its server. */
  put(entry: SessionEntry): Promise<void>
  remove(entry: SessionEntry): Promise<void>
}

/** The account name under which a store keeps the tokens of an entry. */
export function accountOf(entry: Pick<SessionEntry, 'server' | 'username'>): string {
  return `${entry.username}@${entry.server}`
}

/** Path of the index in a state folder. */
export function indexPath(stateDir: string): string {
  return join(stateDir, 'sessions.json')
}

/**
 * The index in `stateDir`; nothing is read before it is asked for.
 * @throws {VezaError} `config` from each method when the file cannot be read, understood or written.
 */
export function openSessionIndex(stateDir: string): SessionIndex {
  const path = indexPath(stateDir)
  const read = async (): Promise<SessionEntry[]> => entriesIn(await readJsonFile(path), path)
  const change = (make: (entries: SessionEntry[]) => SessionEntry[]): Promise<void> =>
    withLock(`${path}.lock`, async () =>
      writeJsonFile(path, {version: VERSION, sessions: make(await read())}),
    )
  return {
    find: async (server, username) => {
      const here = (await read()).filter(entry => entry.server === server)
      if (username === undefined) return here[0]
      // Servers tell names that differ in case apart or not; the name as it was stored comes first.
      return (
        here.find(entry => entry.username === username) ??
        here.find(entry => sameName(entry.username, username))
      )
    },
    put: entry => change(entries => [entry, ...without(entries, entry)]),
    remove: entry => change(entries => without(entries, entry)),
  }
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function without(entries: readonly SessionEntry[], gone: SessionEntry): SessionEntry[] {
  return entries.filter(entry => accountOf(entry) !== accountOf(gone))
}

function entriesIn(content: Record<string, unknown> | undefined, path: string): SessionEntry[] {
  if (content === undefined) return []
  if (typeof content.version === 'number' && content.version > VERSION) {
    throw new VezaError('config', `${path} was written by a newer veza`, {hint: 'update veza'})
  }
  const sessions = content.sessions
  if (!Array.isArray(sessions) || !sessions.every(isEntry)) {
    throw new VezaError('config', `${path} is not a list of sessions`, {
      hint: 'move it away and sign in again',
    })
  }
  return sessions
}

function isEntry(value: unknown): value is SessionEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'server' in value &&
    typeof value.server === 'string' &&
    'username' in value &&
    typeof value.username === 'string' &&
    'store' in value &&
    STORES.some(kind => kind === value.store)
  )
}
