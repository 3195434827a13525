import {chmod, open, readdir, rename, rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {errnoOf} from '../errors/errno.js'
import {VezaError} from '../errors/veza-error.js'
import {makeFolder} from './make-folder.js'

/** What `temporaryBeside` puts behind a name. */
const TEMPORARY_END = /^\.[0-9a-f]{16}\.tmp$/

/**
 * Writes a text file so that a reader, or a crash at any moment, finds the old text or the new, never a part: to a new
 * file beside it (mode 0600), synced, then renamed over it. Folders are made with mode 0700.
 * @throws {VezaError} `config` when the folder or the file cannot be written; it names the path.
 */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  const temporary = await temporaryBeside(path)
  try {
    makeFolder(dirname(path))
    await writeSynced(temporary, text)
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, {force: true}).catch(() => undefined)
    throw unwritable(path, cause)
  }
}

/**
 * Checks that `writeFileAtomically` would work, before something is done that could not be recorded.
 * @throws {VezaError} `config` as `writeFileAtomically`.
 */
export async function assertWritable(path: string): Promise<void> {
  const probe = await temporaryBeside(path)
  try {
    makeFolder(dirname(path))
    await writeSynced(probe, '')
    await rm(probe, {force: true})
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/**
 * Removes the new files that writers of `path` have left beside it, killed before they could rename them. Only for who
 * keeps all other writers out. Never rejects: what cannot be removed stays.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const [folder, own] = [dirname(path), basename(path)]
  const names = await readdir(folder).catch(() => [])
  const left = names.filter(name => name.startsWith(own) && TEMPORARY_END.test(name.slice(own.length)))
  await Promise.allSettled(left.map(name => rm(join(folder, name))))
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
  return new VezaError('config', `cannot write ${path} (${errnoOf(cause)})`, {
    hint: 'make the folder writable, or name another with VEZA_CONFIG_DIR and VEZA_STATE_DIR',
    cause,
  })
}
