import {readFile} from 'node:fs/promises'
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
