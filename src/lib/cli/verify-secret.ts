import {readFile} from 'node:fs/promises'
import type {Environment} from '../config/environment.js'
import {VezaError} from '../errors/veza-error.js'
import {fileError} from './local-file.js'

const NEWLINE = 10
const CARRIAGE_RETURN = 13

/**
 * The secret that a server signs its tokens with: the content of `path` without one final line break, which an editor
 * adds, else `VEZA_JWT_SECRET`.
 * @throws {VezaError} `usage` where neither is given or the secret is empty, `file_unreadable` for the file.
 */
export async function readJwtSecret(path: string | undefined, environment: Environment): Promise<Uint8Array> {
  const secret = path === undefined ? fromVariable(environment) : withoutLineBreak(await readBytes(path))
  if (secret === undefined) {
    throw new VezaError('usage', 'the secret that the server signs its tokens with is missing', {
      hint: 'give it with --secret-file or VEZA_JWT_SECRET',
    })
  }
  if (secret.length === 0) throw new VezaError('usage', `${path} holds no secret`)
  return secret
}

function fromVariable(environment: Environment): Uint8Array | undefined {
  const secret = environment.get('VEZA_JWT_SECRET')
  return secret === undefined ? undefined : Buffer.from(secret)
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw fileError(cause, path)
  }
}

function withoutLineBreak(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== NEWLINE) return bytes
  return bytes.subarray(0, bytes.at(-2) === CARRIAGE_RETURN ? -2 : -1)
}
