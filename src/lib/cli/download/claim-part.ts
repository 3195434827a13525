import {createHash, randomBytes} from 'node:crypto'
import {readdir, realpath, rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import type {FileDownload} from '../../api/file-download.js'
import {acquireLock} from '../../state/lock.js'
import {PartFile} from './part-file.js'
import {isPartOf, partName} from './safe-name.js'

/** What tells one download from another. */
export interface PartOwner {
  /** Where the file will be. */
  readonly target: string
  readonly server: string
  readonly fileId: number
  /** Where the locks are. */
  readonly stateDir: string
}

/** A part that no other process writes. */
export interface ClaimedPart {
  readonly part: PartFile
  /** Whether a later run can go on from it. */
  readonly isKept: boolean
  release(): void
}

/**
 * Opens the part of a file, which is named after this version of it: one that changed at the server begins anew. Where another process is
 * at the same one, or nothing tells the version, it is a part of our own that a later run makes no use of.
 * @throws {VezaError} `file_unwritable`.
 */
export async function claimPart(owner: PartOwner, file: FileDownload): Promise<ClaimedPart> {
  const key = versionKey(owner, file)
  const path = key === undefined ? undefined : pathOf(owner, key)
  const lock = path === undefined ? undefined : await lockOf(path, owner)
  if (path === undefined || lock === undefined) {
    const own = pathOf(owner, randomBytes(6).toString('hex'))
    const release = (await lockOf(own, owner)) ?? (() => undefined)
    return opened(own, true, {isKept: false, release})
  }
  return opened(path, false, {isKept: true, release: lock})
}

/** Removes what earlier runs left of other versions of the file, or of one that was killed. Never fails. */
export async function removeLeftParts(owner: PartOwner): Promise<void> {
  const folder = dirname(owner.target)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter(name => isPartOf(name, basename(owner.target)))) {
    const path = join(folder, name)
    // Whoever writes it has the lock.
    const release = await lockOf(path, owner)
    if (release === undefined) continue
    await rm(path, {force: true}).catch(() => undefined)
    release()
  }
}

async function opened(path: string, isNew: boolean, rest: Omit<ClaimedPart, 'part'>): Promise<ClaimedPart> {
  try {
    return {part: await PartFile.open(path, isNew), ...rest}
  } catch (error) {
    rest.release()
    throw error
  }
}

function pathOf({target}: PartOwner, key: string): string {
  return join(dirname(target), partName(basename(target), key))
}

function versionKey({server, fileId}: PartOwner, file: FileDownload): string | undefined {
  const {validator, digest, totalBytes} = file
  if (validator === undefined && digest === undefined) return undefined
  return hashOf(JSON.stringify([server, fileId, validator, digest?.value, totalBytes])).slice(0, 12)
}

/** The lock for a part, one of 256; undefined while another process has it, or where none can be made. */
async function lockOf(path: string, {stateDir}: PartOwner): Promise<(() => void) | undefined> {
  try {
    const folder = await realpath(dirname(path))
    const bucket = hashOf(join(folder, basename(path))).slice(0, 2)
    return await acquireLock(join(stateDir, 'downloads', `${bucket}.lock`), {timeoutMs: 0})
  } catch {
    return undefined
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
