import {constants, createReadStream, openSync} from 'node:fs'
import {readFile, stat} from 'node:fs/promises'
import type {Readable} from 'node:stream'
import {VezaError} from '../errors/veza-error.js'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  EISDIR: 'is a folder',
  ELOOP: 'is a chain of links without end',
  EMFILE: 'cannot be opened: too many open files',
}

/** What a failed access to a local file means to the user. */
export function fileError(cause: unknown, name: string): VezaError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new VezaError(
    'file_unreadable',
    `${name} ${REASONS[code] ?? `cannot be read (${code || 'unknown reason'})`}`,
    {cause},
  )
}

/** The text of a small local file. @throws {VezaError} `file_unreadable`. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw fileError(cause, path)
  }
}

/**
 * Opens a local file for reading. A pipe, such as `<(command)` or one made with mkfifo, is read without blocking a
 * thread: else a writer that never comes would keep this process from ending.
 * @throws {VezaError} `file_unreadable`; the stream fails with the system's own error.
 */
export async function openSource(path: string): Promise<Readable> {
  try {
    return (await stat(path)).isFIFO() ? await openPipe(path) : createReadStream(path)
  } catch (cause) {
    throw fileError(cause, path)
  }
}

/** A named pipe as a stream. */
async function openPipe(path: string): Promise<Readable> {
  const {Socket} = await import('node:net')
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return new Socket({fd, readable: true, writable: false})
}
