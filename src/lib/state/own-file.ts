import {constants} from 'node:fs'
import {access, lstat, readFile, readlink, realpath, stat} from 'node:fs/promises'
import {basename, dirname, join, resolve} from 'node:path'
import {errnoOf} from '../errors/errno.js'
import {VezaError} from '../errors/veza-error.js'
import {makeFolder} from './make-folder.js'

/**
 * The file that a path leads to, by links too, so that what is written goes there and the link stays; it need not exist.
 * Its folder is made (mode 0700).
 * @throws {VezaError} `config` when the folder cannot be; it says `name`.
 */
export async function targetOf(path: string, name: string): Promise<string> {
  try {
    return await followed(resolve(path))
  } catch (cause) {
    throw new VezaError('config', `${name} cannot be there (${errnoOf(cause)})`, {
      hint: 'name a file in a folder that you may write to',
      cause,
    })
  }
}

async function followed(path: string): Promise<string> {
  makeFolder(dirname(path))
  const found = await unlessMissing(realpath(path))
  if (found !== undefined) return found
  const link = await unlessMissing(lstat(path))
  // What a link leads to may be made yet. A circle of links ends in ELOOP above.
  if (link?.isSymbolicLink() === true) return followed(resolve(dirname(path), await readlink(path)))
  return join(await realpath(dirname(path)), basename(path))
}

/**
 * The text of a file that is to be written anew, undefined where there is none.
 * @throws {VezaError} `file_unreadable` when it is no regular file, such as a folder or a device, or may not be read and
 * written; it says `name`.
 */
export async function readOwnFile(path: string, name: string): Promise<string | undefined> {
  const found = await unlessMissing(stat(path)).catch((cause: unknown) => refuse(name, cause))
  if (found === undefined) return undefined
  if (found.isDirectory()) throw unusable(name, 'is a folder')
  if (!found.isFile()) throw unusable(name, 'is no regular file')
  // A new file is put in its place, which the mode of the old one would not prevent.
  await access(path, constants.W_OK).catch((cause: unknown) => refuse(name, cause))
  return readFile(path, 'utf8').catch((cause: unknown) => refuse(name, cause))
}

function refuse(name: string, cause: unknown): never {
  throw unusable(name, `may not be read and written (${errnoOf(cause)})`)
}

function unusable(name: string, why: string): VezaError {
  return new VezaError('file_unreadable', `${name} ${why}`)
}

async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}
