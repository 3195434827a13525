import {readFile} from 'node:fs/promises'
import {errnoOf} from '../errors/errno.js'
import {VezaError} from '../errors/veza-error.js'
import {writeFileAtomically} from '../state/atomic-file.js'

/**
 * The object in a JSON file, or undefined where there is no such file.
 * @throws {VezaError} `config` when it cannot be read or is no JSON object; it names the file and never repeats its text.
 */
export async function readJsonFile(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT' || errnoOf(cause) === 'ENOTDIR') return undefined
    throw new VezaError('config', `cannot read ${path} (${errnoOf(cause)})`, {
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
 * Writes a JSON file as `writeFileAtomically` writes.
 * @throws {VezaError} `config` when the folder or the file cannot be written; it names the path.
 */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`)
}
