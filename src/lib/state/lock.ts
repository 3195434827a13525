import {setTimeout as sleep} from 'node:timers/promises'
import {VezaError} from '../errors/veza-error.js'
import {openSqlite, type SqliteFile} from './sqlite.js'

/** Fifty jobs that renew one after the other, each with a slow server, are through by then. */
const DEFAULT_TIMEOUT_MS = 60_000
const LONGEST_PAUSE_MS = 40

/** How a lock is waited for. */
export interface LockOptions {
  /** Default: 60,000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
  /** Milliseconds of a clock that never goes backwards. */
  readonly now?: () => number
  /** At least 0, less than 1. */
  readonly random?: () => number
}

/**
 * Runs `work` while no other process on this machine runs its own under the same `path`. The lock is a write
 * transaction of SQLite, so the kernel frees it when its process dies, however it dies: there is none to break.
 * @throws {VezaError} `config` when the folder cannot be written, `unreachable` when the lock is not free in time; what
 * `work` throws; the reason of `signal`.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const release = await acquireLock(path, options)
  try {
    return await work()
  } finally {
    release()
  }
}

/**
 * Takes the lock of `withLock` and keeps it until the function is called that this resolves to, or the process ends.
 * With `timeoutMs: 0` it is taken now or not at all.
 * @throws {VezaError} as `withLock`.
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<() => void> {
  const {
    timeoutMs = DEFAULT_TIMEOUT_MS,
    signal,
    now = () => performance.now(),
    random = Math.random,
  } = options
  const deadline = now() + timeoutMs
  const database = await openLockFile(path)
  try {
    while (!tryBegin(database)) {
      if (now() >= deadline) throw stuck(path, timeoutMs)
      // Spread, so that waiting processes do not come back in step.
      await sleep(1 + random() * LONGEST_PAUSE_MS, undefined, {signal})
    }
  } catch (error) {
    database.close()
    signal?.throwIfAborted()
    throw error instanceof VezaError ? error : unusable(path, error)
  }
  return () => database.close()
}

async function openLockFile(path: string): Promise<SqliteFile> {
  try {
    return await openSqlite(path, 0)
  } catch (cause) {
    throw unusable(path, cause)
  }
}

function tryBegin(database: SqliteFile): boolean {
  try {
    database.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return false
    throw error
  }
}

function stuck(path: string, timeoutMs: number): VezaError {
  return new VezaError('unreachable', `other veza processes have kept ${path} for ${timeoutMs / 1000} s`, {
    hint: 'try again; if it goes on, look for a veza process that hangs',
  })
}

function unusable(path: string, cause: unknown): VezaError {
  return new VezaError('config', `cannot lock ${path}`, {
    hint: 'make the folder writable, or name another with VEZA_STATE_DIR',
    cause,
  })
}
