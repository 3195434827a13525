import Libsql from 'libsql'

/** What may be bound. Nothing else: libsql aborts the whole process on a boolean. */
export type Value = string | number | null

const CHECKPOINT_PAGES = 10_000

/** One SQLite database, synchronous, with its statements prepared once. The only module that knows libsql. */
export class Database {
  readonly #db: InstanceType<typeof Libsql>
  readonly #statements = new Map<string, ReturnType<InstanceType<typeof Libsql>['prepare']>>()

  /** `path` is a file or `:memory:`. */
  constructor(path: string) {
    this.#db = new Libsql(path)
    this.#db.exec('PRAGMA foreign_keys = ON')
    if (path === ':memory:') return
    this.#db.prepare('PRAGMA journal_mode = WAL').get()
    // A commit is in the log, in the kernel's hands, before it is acknowledged: a killed process loses nothing.
    // Only a power cut could take the last commits, and FULL would cost eight times the time for that.
    this.#db.exec('PRAGMA synchronous = NORMAL')
    // A checkpoint waits for the disk, and a message touches five pages: every 2,000 messages, not every 200.
    this.#db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  }

  get<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.#prepare(sql).get(values) as Row | undefined
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#prepare(sql).all(values) as Row[]
  }

  /** Returns how many rows changed. */
  run(sql: string, ...values: Value[]): number {
    return this.#prepare(sql).run(values).changes
  }

  /** Runs an INSERT and returns the id of the new row. */
  insert(sql: string, ...values: Value[]): number {
    return Number(this.#prepare(sql).run(values).lastInsertRowid)
  }

  /** The value of `SELECT count(...)`. */
  count(sql: string, ...values: Value[]): number {
    return this.get<{n: number}>(`SELECT (${sql}) AS n`, ...values)?.n ?? 0
  }

  script(sql: string): void {
    this.#db.exec(sql)
  }

  transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }

  /** Brings the log into the file and closes it. */
  close(): void {
    if (!this.#db.memory) this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
    this.#statements.clear()
    this.#db.close()
  }

  #prepare(sql: string) {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** Whether an insert failed because the row is there already. */
export function isDuplicate(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
  )
}
