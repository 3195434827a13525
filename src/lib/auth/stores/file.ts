import {createHash} from 'node:crypto'
import {chmod, readdir, rm, stat} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {readJsonFile, writeJsonFile} from '../../config/json-file.js'
import {VezaError} from '../../errors/veza-error.js'
import type {SecretStore} from './secret-store.js'

const VERSION = 1

/** The bits of a mode that let others than the owner in. */
const OTHERS = 0o077

/**
 * Plain files of mode 0600, one an account so that accounts never rewrite each other's, in a folder of mode 0700.
 * Used only where the user asked for it with `--insecure-storage`. A file that others may read is mended when it is read.
 * @param onExposed told, in words for a person, of a file that others could read.
 * @throws {VezaError} `config` when a file cannot be read or written, or a newer version of veza wrote it.
 */
export function fileStore(folder: string, onExposed: (notice: string) => void): SecretStore {
  const pathOf = (account: string): string => join(folder, `${fileName(account)}.json`)
  return {
    kind: 'file',
    place: folder,
    read: async account => {
      const path = pathOf(account)
      const content = await readJsonFile(path)
      if (content !== undefined) await closeToOthers(path, onExposed)
      return secretIn(content, path)
    },
    write: async (account, secret) => {
      await removeUnfinished(pathOf(account))
      await writeJsonFile(pathOf(account), {version: VERSION, account, secret})
    },
    remove: async account => {
      await removeUnfinished(pathOf(account))
      await removeFile(pathOf(account))
    },
  }
}

/** Windows has no such modes: a file in the user's own folder is the user's own there. */
async function closeToOthers(path: string, onExposed: (notice: string) => void): Promise<void> {
  if (process.platform === 'win32') return
  try {
    if (((await stat(path)).mode & OTHERS) === 0) return
    await chmod(path, 0o600)
    onExposed(`${path} could be read by others; it is closed to them now`)
  } catch {
    onExposed(`${path} can be read by others, and its mode cannot be changed`)
  }
}

/** What a write that was killed has left holds a secret, too. None is under way: an account is written under its lock. */
async function removeUnfinished(path: string): Promise<void> {
  const files = await readdir(dirname(path)).catch(() => [])
  const unfinished = files.filter(file => file.startsWith(`${basename(path)}.`) && file.endsWith('.tmp'))
  for (const file of unfinished) await removeFile(join(dirname(path), file))
}

async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, {force: true})
  } catch (cause) {
    throw new VezaError('config', `cannot remove ${path}`, {hint: 'check who may write to its folder', cause})
  }
}

/** An account holds a server's address, which may have any character: its digest is a safe file name. */
function fileName(account: string): string {
  return createHash('sha256').update(account).digest('hex').slice(0, 32)
}

function secretIn(content: Record<string, unknown> | undefined, path: string): string | undefined {
  if (content === undefined) return undefined
  if (typeof content.version === 'number' && content.version > VERSION) {
    throw new VezaError('config', `${path} was written by a newer veza`, {
      hint: 'update veza, or sign in again',
    })
  }
  if (typeof content.secret !== 'string') {
    throw new VezaError('config', `${path} holds no session`, {hint: 'sign in again with veza auth login'})
  }
  return content.secret
}
