import {dirname} from 'node:path'
import type Libsql from 'libsql'
import {makeFolder} from './make-folder.js'

/** An open SQLite file. */
export type SqliteFile = Libsql.Database

/**
 * Opens an SQLite file, and makes it where it is missing; a folder that is missing gets mode 0700.
 * @param busyMs how long a statement blocks this process while another one writes; with 0 it fails at once.
 * @throws {Error} of libsql or the file system when the file cannot be used.
 */
export async function openSqlite(path: string, busyMs: number): Promise<SqliteFile> {
  makeFolder(dirname(path))
  const {default: Database} = await import('libsql')
  return new Database(path, {timeout: busyMs})
}
