import {chmod, mkdir, open, readFile, rename, rm} from 'node:fs/promises'
import {dirname} from 'node:path'
import {VezaError} from '../errors/veza-error.js'

/**
 * The object in a JSON file, or undefined where there is no such file.
 * @throws {VezaError} `config` when it cannot be read or is no JSON object; it names the file and never repeats its text.
 */
export async function readJsonFile(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (errno(cause) === 'ENOENT' || errno(cause) === 'ENOTDIR') return undefined
    throw new VezaError('config', `cannot read ${path} (${errno(cause)})`, {
      hint: 'check who may read it',
      cause,
    })
  }
  // Editors on Windows begin a file with a byte order mark.
  return parseObject(text.replace(/^\ufeff/, ''), path)
}

async function parseObject(text: string, path: string): Promise<Record<string, unknown>> {
  const hint = 'mend it, or move it away and sign in again'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text around the fault, which may be a secret: only the place is told.
    const {jsonFault} = await import('./json-fault.js')
    const {line, column} = jsonFault(text) ?? {line: 1, column: 1}
    throw new VezaError('config', `${path} is not valid JSON: line ${line}, column ${column}`, {hint})
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new VezaError('config', `${path} does not hold a JSON object`, {hint})
  }
  return value as Record<string, unknown>
}

/**
 * Writes a JSON file so that a reader, or a crash at any moment, finds the old text or the new, never a part:
 * to a new file beside it (mode 0600), synced, then renamed over it. Folders are made with mode 0700.
 * @throws {VezaError} `config` when the folder or the file cannot be written; it names the path.
 */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  const temporary = await temporaryBeside(path)
  try {
    await mkdir(dirname(path), {recursive: true, mode: 0o700})
    await writeSynced(temporary, `${JSON.stringify(value, null, 2)}\n`)
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, {force: true}).catch(() => undefined)
    throw unwritable(path, cause)
  }
}

/**
 * Checks that `writeJsonFile` would work, before something is done that could not be recorded.
 * @throws {VezaError} `config` as `writeJsonFile`.
 */
export async function assertWritable(path: string): Promise<void> {
  const probe = await temporaryBeside(path)
  try {
    await mkdir(dirname(path), {recursive: true, mode: 0o700})
    await writeSynced(probe, '')
    await rm(probe, {force: true})
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** A name that no other process has, also one of the same pid in another container, and nobody can foresee. */
async function temporaryBeside(path: string): Promise<string> {
  const {randomBytes} = await import('node:crypto')
  return `${path}.${randomBytes(8).toString('hex')}.tmp`
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(path, 0o600)
}

function unwritable(path: string, cause: unknown): VezaError {
  return new VezaError('config', `cannot write ${path} (${errno(cause)})`, {
    hint: 'make the folder writable, or name another with VEZA_CONFIG_DIR and VEZA_STATE_DIR',
    cause,
  })
}

function errno(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
