import {chmodSync, closeSync, existsSync, fsyncSync, openSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {VezaError} from '../../errors/veza-error.js'
import {makeFolder} from '../../state/make-folder.js'
import {openSqlite, type SqliteFile} from '../../state/sqlite.js'

/** How long another process may write before ours gives up. */
const BUSY_MS = 10_000

/** AUTOINCREMENT: the id of a message that has left is never given to another one. */
const TABLE = `CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, server TEXT NOT NULL, owner TEXT NOT NULL, target TEXT NOT NULL,
  message TEXT NOT NULL, created_ms INTEGER NOT NULL, tries INTEGER NOT NULL, doubt_ms INTEGER, fault TEXT,
  refused INTEGER NOT NULL)`

/**
 * Opens the SQLite file of the outbox, made with mode 0600 where it is missing. With `synchronous = EXTRA` a write returns
 * when the file, its journal and the folder are on the disk; after a crash or a full disk there is all of it or nothing.
 * @throws {VezaError} `config` when it cannot be used.
 */
export async function openOutboxFile(path: string): Promise<SqliteFile> {
  try {
    makeSyncedFolder(dirname(path))
    // SQLite gives its journal the mode of the file.
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
    const db = await openSqlite(path, BUSY_MS)
    db.exec('PRAGMA synchronous = EXTRA')
    db.exec(TABLE)
    return db
  } catch (cause) {
    throw outboxFault(path, cause)
  }
}

/** What an outbox file throws, as one of our errors: a full or broken disk apart from a file that is none. */
export function outboxFault(path: string, cause: unknown): VezaError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  if (/^(SQLITE_(FULL|IOERR)|ENOSPC|EDQUOT)/.test(code)) {
    return new VezaError('failed', `cannot write the outbox ${path} (${code})`, {
      hint: 'is the disk full? what was in it is still there, and nothing half',
      cause,
    })
  }
  return new VezaError('config', `cannot use the outbox ${path} (${code})`, {
    hint: 'make the folder writable, or name another with VEZA_STATE_DIR; a damaged file is left as it is',
    cause,
  })
}

/** A new folder is on the disk only when the one around it is. */
function makeSyncedFolder(folder: string): void {
  const missing: string[] = []
  for (let path = folder; !existsSync(path) && dirname(path) !== path; path = dirname(path))
    missing.push(path)
  makeFolder(folder)
  for (const path of missing.reverse()) syncFolder(join(path, '..'))
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder.
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
