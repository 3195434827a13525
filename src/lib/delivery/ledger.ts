import {VezaError} from '../errors/veza-error.js'
import {openSqlite} from '../state/sqlite.js'

/** How long a key is remembered. */
const KEEP_MS = 30 * 24 * 3_600_000

const TABLE = `CREATE TABLE IF NOT EXISTS sent_messages (
  server TEXT NOT NULL, account TEXT NOT NULL, client_id TEXT NOT NULL, message_id INTEGER, started_ms INTEGER NOT NULL,
  PRIMARY KEY (server, account, client_id))`

/** What is remembered of a message that was sent under a key. */
export interface LedgerEntry {
  /** Absent while it is not known to have arrived. */
  readonly messageId?: number
  /** When it was first sent, milliseconds since 1970. */
  readonly startedMs: number
}

/** Messages that an account has sent to a server under a key from this machine, by their `client_id`. */
export interface Ledger {
  find(clientId: string): LedgerEntry | undefined
  /** Notes that a send begins; the first time counts. */
  begin(clientId: string, startedMs: number): void
  /** Notes that it has arrived. */
  created(clientId: string, messageId: number): void
  /** The message is no more. */
  forget(clientId: string): void
  close(): void
}

interface Row {
  readonly message_id: number | null
  readonly started_ms: number
}

/**
 * Opens the ledger file, made with mode 0700 around it, and forgets what is older than 30 days. One of several processes
 * waits up to 10 s for another's write.
 * @throws {VezaError} `config` when the file cannot be used.
 */
export async function openLedger(
  path: string,
  {server, account, nowMs}: {readonly server: string; readonly account: string; readonly nowMs: number},
): Promise<Ledger> {
  try {
    const db = await openSqlite(path, 10_000)
    db.exec(TABLE)
    db.prepare('DELETE FROM sent_messages WHERE started_ms < ?').run([nowMs - KEEP_MS])
    const find = db.prepare(
      'SELECT message_id, started_ms FROM sent_messages WHERE server = ? AND account = ? AND client_id = ?',
    )
    const begin = db.prepare(
      'INSERT OR IGNORE INTO sent_messages (server, account, client_id, started_ms) VALUES (?, ?, ?, ?)',
    )
    const created = db.prepare(
      'UPDATE sent_messages SET message_id = ? WHERE server = ? AND account = ? AND client_id = ?',
    )
    const forget = db.prepare('DELETE FROM sent_messages WHERE server = ? AND account = ? AND client_id = ?')
    return {
      find: clientId => entryOf(find.get([server, account, clientId]) as Row | undefined),
      begin: (clientId, startedMs) => void begin.run([server, account, clientId, startedMs]),
      created: (clientId, messageId) => void created.run([messageId, server, account, clientId]),
      forget: clientId => void forget.run([server, account, clientId]),
      close: () => void db.close(),
    }
  } catch (cause) {
    throw new VezaError('config', `cannot use ${path}`, {
      hint: 'make the folder writable, or name another with VEZA_STATE_DIR',
      cause,
    })
  }
}

function entryOf(row: Row | undefined): LedgerEntry | undefined {
  if (row === undefined) return undefined
  return {startedMs: row.started_ms, ...(row.message_id === null ? {} : {messageId: row.message_id})}
}
