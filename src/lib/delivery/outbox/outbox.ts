import {existsSync} from 'node:fs'
import type {SqliteFile} from '../../state/sqlite.js'
import {openOutboxFile, outboxFault} from './outbox-file.js'
import type {NewEntry, OutboxEntry, Trial} from './outbox-types.js'

interface Row {
  readonly id: number
  readonly owner: string
  readonly target: string
  readonly message: string
  readonly created_ms: number
  readonly tries: number
  readonly doubt_ms: number | null
  readonly fault: string | null
  readonly refused: number
}

/** The messages for one server that wait on this machine. Each change is on the disk when its call returns. */
export class Outbox {
  readonly #db: SqliteFile
  readonly #path: string
  readonly #server: string

  private constructor(db: SqliteFile, path: string, server: string) {
    this.#db = db
    this.#path = path
    this.#server = server
  }

  /** Opens the file, and makes it where it is missing. @throws {VezaError} `config` when it cannot be used. */
  static async open(path: string, server: string): Promise<Outbox> {
    return new Outbox(await openOutboxFile(path), path, server)
  }

  /** As `open`, but undefined where nothing was ever put there: to look writes nothing. */
  static async openExisting(path: string, server: string): Promise<Outbox | undefined> {
    return existsSync(path) ? Outbox.open(path, server) : undefined
  }

  /** Puts a message at the end. Resolves to its id. @throws {VezaError} `failed` where it is not kept, such as on a full disk. */
  add({owner, target, message, createdMs, tried}: NewEntry): number {
    // As JSON, in which a lone surrogate stays what it is.
    const [ownerText, targetText, text] = [owner, target, message].map(part => JSON.stringify(part))
    const fault = tried === undefined ? null : JSON.stringify(tried.fault)
    return this.#guarded(() => {
      const {lastInsertRowid} = this.#db
        .prepare(
          `INSERT INTO outbox (server, owner, target, message, created_ms, tries, doubt_ms, fault, refused)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
        )
        .run([
          this.#server,
          ownerText,
          targetText,
          text,
          createdMs,
          tried === undefined ? 0 : 1,
          tried?.inDoubtSinceMs ?? null,
          fault,
        ])
      return Number(lastInsertRowid)
    })
  }

  /** All of this server, oldest first. */
  list(): OutboxEntry[] {
    const sql = 'SELECT * FROM outbox WHERE server = ? ORDER BY id'
    return this.#guarded(() => (this.#db.prepare(sql).all([this.#server]) as Row[]).map(entryOf))
  }

  /** The first one of this server behind `afterId`, as it is now. */
  next(afterId: number): OutboxEntry | undefined {
    const sql = 'SELECT * FROM outbox WHERE server = ? AND id > ? ORDER BY id LIMIT 1'
    const row = this.#guarded(() => this.#db.prepare(sql).get([this.#server, afterId]) as Row | undefined)
    return row === undefined ? undefined : entryOf(row)
  }

  /** How many wait for other servers. */
  countElsewhere(): number {
    const sql = 'SELECT COUNT(*) AS count FROM outbox WHERE server <> ?'
    return this.#guarded(() => (this.#db.prepare(sql).get([this.#server]) as {count: number}).count)
  }

  /** Notes that from `sinceMs` on it may have arrived, before anything is sent. */
  sending(id: number, sinceMs: number): void {
    this.#run('UPDATE outbox SET doubt_ms = ? WHERE id = ?', [sinceMs, id])
  }

  /** Notes a try that failed, and whether it was refused for good. */
  failed(id: number, {fault, inDoubtSinceMs}: Trial, refused: boolean): void {
    const sql = 'UPDATE outbox SET tries = tries + 1, fault = ?, doubt_ms = ?, refused = ? WHERE id = ?'
    this.#run(sql, [JSON.stringify(fault), inDoubtSinceMs ?? null, refused ? 1 : 0, id])
  }

  /** Takes it out. Whether it was there. */
  remove(id: number): boolean {
    return this.#run('DELETE FROM outbox WHERE id = ? AND server = ?', [id, this.#server]) > 0
  }

  close(): void {
    this.#db.close()
  }

  #run(sql: string, values: readonly (string | number | null)[]): number {
    return this.#guarded(() => this.#db.prepare(sql).run([...values]).changes)
  }

  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      throw outboxFault(this.#path, cause)
    }
  }
}

function entryOf(row: Row): OutboxEntry {
  return {
    id: row.id,
    owner: JSON.parse(row.owner),
    target: JSON.parse(row.target),
    message: JSON.parse(row.message),
    createdMs: row.created_ms,
    tries: row.tries,
    inDoubtSinceMs: row.doubt_ms ?? undefined,
    fault: row.fault === null ? undefined : JSON.parse(row.fault),
    refused: row.refused === 1,
  }
}
