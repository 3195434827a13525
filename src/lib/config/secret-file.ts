import {closeSync, openSync, readSync} from 'node:fs'
import {errnoOf} from '../errors/errno.js'
import {VezaError} from '../errors/veza-error.js'

/** In bytes. A secret has one line; what is longer is some other file. */
const LONGEST_SECRET = 64 * 1024

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  EISDIR: 'is a folder',
}

/**
 * The first line of a file as a secret. Who else may read the file is not looked at: secrets that Docker and Kubernetes
 * mount have the modes 0444 and 0644.
 * @param variable what names the file, for the errors, which never repeat what is in it.
 * @throws {VezaError} `config` for a file that cannot be read, whose first line is empty, longer than 64 KiB or no UTF-8.
 */
export function readSecretFile(path: string, variable: string): string {
  const fault = (what: string, cause?: unknown): VezaError =>
    new VezaError('config', `${variable}: ${path} ${what}`, {cause})
  let bytes: Buffer
  try {
    bytes = readFirstLine(path)
  } catch (cause) {
    const code = errnoOf(cause)
    throw fault(REASONS[code] ?? `cannot be read (${code})`, cause)
  }
  if (bytes.length > LONGEST_SECRET) throw fault('has a first line of more than 64 KiB')
  const secret = decoded(bytes)
  if (secret === undefined) throw fault('is no text in UTF-8')
  if (secret === '') throw fault('has an empty first line')
  return secret
}

/** Without its line break; a little more than a secret may have, as a file need not have an end. */
function readFirstLine(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(LONGEST_SECRET + 2)
    let length = 0
    while (length < bytes.length && !bytes.subarray(0, length).includes('\n')) {
      const count = readSync(file, bytes, length, bytes.length - length, null)
      if (count === 0) break
      length += count
    }
    const end = bytes.subarray(0, length).indexOf('\n')
    return bytes.subarray(0, end === -1 ? length : end)
  } finally {
    closeSync(file)
  }
}

/** A byte order mark is no part of it. */
function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes).replace(/\r$/, '')
  } catch {
    return undefined
  }
}
