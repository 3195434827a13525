import type {Dirent} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {errnoOf} from '../errors/errno.js'
import {VezaError} from '../errors/veza-error.js'
import {readManifest} from './manifest.js'
import {CHECKPOINT, FILES, LOCK, LOCK_JOURNAL, MANIFEST, PAGE, PART, ROOT, SPOOL} from './names.js'

const FIRST_CHECKPOINT = /^checkpoint\.json\.[0-9a-f]{16}\.tmp$/
const WRITTEN = [MANIFEST, ROOT, CHECKPOINT, PAGE, SPOOL, LOCK, LOCK_JOURNAL]

/**
 * Refuses what an export must not write to: a folder of something else, and links that would lead it out of its own.
 * @throws {VezaError} `conflict`; `failed` for a manifest of something else; `file_unreadable`.
 */
export async function assertOurs(path: string): Promise<void> {
  const entries = await entriesOf(path)
  const names = entries.map(({name}) => name)
  const isBegun = names.includes(CHECKPOINT)
  const isFinished = names.includes(MANIFEST)
  if (!isBegun && !isFinished && !names.every(isBeforeCheckpoint))
    throw new VezaError('conflict', `${path} holds something else`, {
      hint: 'name a new or empty folder with --output, or one of an earlier export of the same room',
    })
  for (const entry of entries) assertPlain(path, entry)
  // Programs of all kinds have a manifest.json: nothing is made beside theirs, not even a lock.
  if (!isBegun) await readManifest(path)
}

/** Whether a run may leave it that was killed before anything else was there. */
function isBeforeCheckpoint(name: string): boolean {
  return name === LOCK || name === LOCK_JOURNAL || FIRST_CHECKPOINT.test(name)
}

/** What a run would write to must be there itself: a link leads anywhere. */
function assertPlain(path: string, entry: Dirent): void {
  const {name} = entry
  const isPlain =
    name === FILES ? entry.isDirectory() : entry.isFile() || !(WRITTEN.includes(name) || PART.test(name))
  if (isPlain) return
  const what = entry.isSymbolicLink() ? 'a link' : `no ${name === FILES ? 'folder' : 'file'}`
  throw new VezaError('conflict', `${join(path, name)} is ${what}`, {
    hint: 'an export writes to its own folder alone: put what was there back, or name another folder',
  })
}

async function entriesOf(path: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(path, {withFileTypes: true})
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return []
    if (errnoOf(cause) !== 'ENOTDIR')
      throw new VezaError('file_unreadable', `${path} cannot be read (${errnoOf(cause)})`, {cause})
    throw new VezaError('conflict', `${path} is no folder`, {
      hint: 'name a new or empty folder with --output',
    })
  }
}
