import {constants, type Stats} from 'node:fs'
import {link, lstat, open, rename, unlink} from 'node:fs/promises'
import {dirname} from 'node:path'
import {errnoOf} from '../../errors/errno.js'
import {VezaError} from '../../errors/veza-error.js'
import {writeError} from './write-error.js'

/** What is done where a file is in the way. */
export type Existing = 'refuse' | 'replace' | 'keep'

/** File systems without hard links. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/**
 * What is at a path where a file is to be; a link is not followed. Undefined where there is nothing.
 * @throws {VezaError} `conflict` for what must not be replaced, `file_unwritable` for a folder or a device.
 */
export async function examine(path: string, existing: Existing): Promise<Stats | undefined> {
  const facts = await lstat(path).catch((cause: unknown) => {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw writeError(cause, path)
  })
  if (facts === undefined) return undefined
  if (facts.isDirectory())
    throw new VezaError('file_unwritable', `${path} is a folder`, {hint: 'name it with --dir'})
  if (!facts.isFile() && !facts.isSymbolicLink()) {
    throw new VezaError('file_unwritable', `${path} is no regular file`, {hint: 'use --output - for stdout'})
  }
  if (existing === 'refuse') throw inTheWay(path)
  return facts
}

/**
 * Gives a finished part its name. Without `replace` nothing is ever overwritten, also not what appeared meanwhile; with it a
 * link is replaced, not what it leads to.
 * @throws {VezaError} `conflict` and those of a write.
 */
export async function putInPlace(part: string, target: string, existing: Existing): Promise<void> {
  try {
    if (existing === 'replace') await rename(part, target)
    else await linkInPlace(part, target)
  } catch (cause) {
    if (errnoOf(cause) === 'EEXIST') throw inTheWay(target)
    throw writeError(cause, target)
  }
  await syncFolder(dirname(target))
}

async function linkInPlace(part: string, target: string): Promise<void> {
  try {
    await link(part, target)
  } catch (cause) {
    if (!NO_LINKS.has(errnoOf(cause))) throw cause
    await examine(target, 'refuse')
    return rename(part, target)
  }
  await unlink(part)
}

/** The name outlives a power cut, too; where a folder cannot be synced, as on Windows, it does so a little later. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

function inTheWay(path: string): VezaError {
  return new VezaError('conflict', `${path} is there already`, {
    hint: 'replace it with --force, leave it with --skip-existing, or name another with --output',
  })
}
