import {rm} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import {openSqlite, type SqliteFile} from '../sqlite.js'
import {type BucketState, EMPTY_BUCKET} from './bucket.js'
import type {BucketStore} from './local-line.js'

const BUSY_LIMIT_MS = 2000
const LONGEST_PAUSE_MS = 20

/** What is lost with the power is a budget of seconds: nothing is synced. A killed process still leaves a sound file. */
const SETTINGS = 'PRAGMA synchronous = OFF; PRAGMA journal_mode = PERSIST'
const TABLE = `CREATE TABLE IF NOT EXISTS budget (
  account TEXT PRIMARY KEY, empty_at_ms REAL NOT NULL, stopped_until_ms REAL NOT NULL, stops INTEGER NOT NULL,
  server_limit INTEGER NOT NULL, written_ms REAL NOT NULL) WITHOUT ROWID`
const SELECT = 'SELECT * FROM budget WHERE account = ?'
const REPLACE = 'INSERT OR REPLACE INTO budget VALUES (?, ?, ?, ?, ?, ?)'

interface Row {
  readonly empty_at_ms: number
  readonly stopped_until_ms: number
  readonly stops: number
  readonly server_limit: number
  readonly written_ms: number
}

/**
 * The state of an account's line in an SQLite file that all processes of this machine share. A damaged file is thrown
 * away: it holds nothing but the last minutes.
 * @param busyLimitMs how long a file that others use is waited for. Default 2,000.
 * @throws {Error} of libsql or the file system when the file cannot be used, or is kept busy for longer.
 */
export async function openSqliteStore(
  path: string,
  account: string,
  busyLimitMs = BUSY_LIMIT_MS,
): Promise<BucketStore> {
  const open = async (): Promise<SqliteStore> =>
    new SqliteStore(await openSqlite(path, 0), account, busyLimitMs)
  const store = await open()
  try {
    await store.prepare()
    return store
  } catch (error) {
    store.close()
    if (!isDamage(error)) throw error
    await Promise.all(['', '-journal'].map(end => rm(`${path}${end}`, {force: true})))
    const fresh = await open()
    await fresh.prepare()
    return fresh
  }
}

class SqliteStore implements BucketStore {
  readonly #db: SqliteFile
  readonly #account: string
  readonly #busyLimitMs: number

  constructor(db: SqliteFile, account: string, busyLimitMs: number) {
    this.#db = db
    this.#account = account
    this.#busyLimitMs = busyLimitMs
  }

  /** Makes the table where it is missing; reads the file for the first time, and so finds it damaged. */
  async prepare(): Promise<void> {
    await this.#untilFree(() => this.#db.exec(SETTINGS))
    await this.#exclusively(() => this.#db.exec(TABLE))
  }

  update<T>(change: (state: BucketState) => {readonly state: BucketState; readonly result: T}): Promise<T> {
    return this.#exclusively(() => {
      const {state, result} = change(this.#load())
      this.#save(state)
      return result
    })
  }

  read(): Promise<BucketState> {
    return this.#untilFree(() => this.#load())
  }

  close(): void {
    this.#db.close()
  }

  /** The whole of it is synchronous: also two callers in this process must not meet in one transaction. */
  #exclusively<T>(work: () => T): Promise<T> {
    return this.#untilFree(() => {
      this.#db.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        this.#db.exec('COMMIT')
        return result
      } catch (error) {
        if (this.#db.inTransaction) this.#db.exec('ROLLBACK')
        throw error
      }
    })
  }

  /** Another process has the file for a tenth of a millisecond: comes back after pauses that keep nobody in step. */
  async #untilFree<T>(work: () => T): Promise<T> {
    const deadline = performance.now() + this.#busyLimitMs
    for (;;) {
      try {
        return work()
      } catch (error) {
        if (codeOf(error) !== 'SQLITE_BUSY' || performance.now() >= deadline) throw error
      }
      await sleep(1 + Math.random() * LONGEST_PAUSE_MS)
    }
  }

  #load(): BucketState {
    const row = this.#db.prepare(SELECT).get(this.#account) as Row | undefined
    if (row === undefined) return EMPTY_BUCKET
    return {
      emptyAtMs: row.empty_at_ms,
      stoppedUntilMs: row.stopped_until_ms,
      stops: row.stops,
      serverLimit: row.server_limit,
      writtenMs: row.written_ms,
    }
  }

  #save({emptyAtMs, stoppedUntilMs, stops, serverLimit, writtenMs}: BucketState): void {
    this.#db.prepare(REPLACE).run(this.#account, emptyAtMs, stoppedUntilMs, stops, serverLimit, writtenMs)
  }
}

function isDamage(error: unknown): boolean {
  return ['SQLITE_NOTADB', 'SQLITE_CORRUPT'].includes(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
