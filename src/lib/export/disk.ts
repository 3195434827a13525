import {open, readdir, rm, truncate} from 'node:fs/promises'
import {errnoOf} from '../errors/errno.js'
import {VezaError} from '../errors/veza-error.js'

/** What could not be written. What was exported before stays good. */
function unwritable(path: string, cause: unknown): VezaError {
  const code = errnoOf(cause)
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : code
  return new VezaError('failed', `cannot write ${path}: ${why}`, {
    hint: 'what is there stays good: make room or mend it, and run the same command again',
    cause,
  })
}

/** Does something on disk. @throws {VezaError} `failed` when the system cannot do it; it names `path`. What else is thrown stays as it is. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw cause instanceof Error && 'syscall' in cause ? unwritable(path, cause) : cause
  }
}

/** The names in a folder, none where there is no folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw new VezaError('file_unreadable', `${folder} cannot be read (${errnoOf(error)})`, {cause: error})
  }
}

/** Cuts a file to a length; one of length 0 is removed. */
export async function cutTo(path: string, bytes: number): Promise<void> {
  await onDisk(path, () => (bytes === 0 ? rm(path, {force: true}) : truncate(path, bytes)))
}

/** Has the names in a folder survive a loss of power, where the system can do that. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
