import {join} from 'node:path'
import {readJsonFile, writeJsonFile} from '../config/json-file.js'
import {VezaError} from '../errors/veza-error.js'

/** What is remembered of a signed-in account: everything but its secrets. */
export interface SessionEntry {
  readonly server: string
  readonly username: string
  readonly user_id?: number | undefined
  readonly role?: string | undefined
  /** Which store holds its tokens. */
  readonly store: 'keychain' | 'file'
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
  const write = (sessions: SessionEntry[]): Promise<void> => writeJsonFile(path, {version: 1, sessions})
  return {
    find: async (server, username) =>
      (await read()).find(
        entry => entry.server === server && (username === undefined || entry.username === username),
      ),
    put: async entry => write([entry, ...without(await read(), entry)]),
    remove: async entry => write(without(await read(), entry)),
  }
}

function without(entries: readonly SessionEntry[], gone: SessionEntry): SessionEntry[] {
  return entries.filter(entry => accountOf(entry) !== accountOf(gone))
}

function entriesIn(content: Record<string, unknown> | undefined, path: string): SessionEntry[] {
  if (content === undefined) return []
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
    (value.store === 'keychain' || value.store === 'file')
  )
}
