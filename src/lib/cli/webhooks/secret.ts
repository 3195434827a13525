import {randomBytes} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import type {Context} from '../context.js'
import {fileError} from '../local-file.js'
import {askHidden, mayAsk} from '../prompt.js'
import {readSecret} from '../secret-input.js'

const VARIABLE = 'VEZA_WEBHOOK_SECRET'
const SECRET_BYTES = 32

/** A new secret, 256 bits of chance in hex. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('hex')
}

/**
 * The secret of a webhook that is given with `--secret-file`, `-` being the first line of stdin, else in
 * VEZA_WEBHOOK_SECRET; undefined where neither is. One final line break of a file, which an editor adds, is no part of it.
 * @throws {VezaError} `usage` for an empty one and one that is no UTF-8, `file_unreadable` for the file.
 */
export async function givenSecret(
  {environment, signal}: Context,
  io: Io,
  file: string | undefined,
): Promise<string | undefined> {
  if (file === undefined) return environment.get(VARIABLE)
  const secret = file === '-' ? await readSecret(io.stdin, 'the secret', signal) : await readFileSecret(file)
  if (secret === undefined || secret === '') {
    throw new VezaError('usage', `${file === '-' ? 'stdin' : file} holds no secret`)
  }
  return secret
}

/**
 * As `givenSecret`, and where none is given a person at a terminal is asked, unseen.
 * @throws {VezaError} `usage` where there is none.
 */
export async function requiredWebhookSecret(
  context: Context,
  io: Io,
  file: string | undefined,
): Promise<string> {
  const given = await givenSecret(context, io, file)
  if (given !== undefined) return given
  const typed = mayAsk(io, context.noInput, context.environment)
    ? await askHidden(io, 'Secret of the webhook', context.signal)
    : ''
  if (typed !== '') return typed
  throw new VezaError('usage', 'the secret of the webhook is missing', {
    hint: `give it with --secret-file or ${VARIABLE}`,
  })
}

async function readFileSecret(path: string): Promise<string> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (cause) {
    throw fileError(cause, path)
  }
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    throw new VezaError('usage', `${path} is no text in UTF-8, so it cannot be the secret of a webhook`)
  }
}
