import {rm, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {VezaError} from '../errors/veza-error.js'
import {acquireLock} from '../state/lock.js'
import {makeFolder} from '../state/make-folder.js'
import {NO_LINE} from './chain.js'
import {cutTo, namesIn, onDisk} from './disk.js'
import {readCheckpoint, readManifest} from './manifest.js'
import {CHECKPOINT, LOCK, MANIFEST, PART, SPOOL, TEMPORARY} from './names.js'
import {assertOurs} from './own-folder.js'
import type {ChainState, Checkpoint, Identity, Manifest} from './types.js'

const EMPTY: ChainState = {records: 0, head: NO_LINE, parts: []}

/** The folder of an export, which no other run uses. */
export interface ExportFolder {
  readonly path: string
  /** Of the last run that finished. */
  readonly manifest: Manifest | undefined
  /** Of the run before, when it did not finish. */
  readonly checkpoint: Checkpoint | undefined
  readonly chain: ChainState
  /** Lets others use it. */
  release(): void
}

/**
 * Opens the folder of an export, a new one or one to go on with: keeps others out, and cuts off what an unfinished run wrote
 * behind its last checkpoint.
 * @throws {VezaError} `conflict` for a folder of something else or of another place, or that another run uses, or that was
 * changed since the last run; `failed` when it cannot be written or its manifest is damaged.
 */
export async function openFolder(path: string, identity: Identity): Promise<ExportFolder> {
  await assertOurs(path)
  await onDisk(path, async () => makeFolder(path))
  const release = await lock(path)
  try {
    const checkpoint = await readCheckpoint(path)
    // A kill while the first manifest was written leaves the checkpoint, which says all.
    const manifest =
      checkpoint === undefined ? await readManifest(path) : await readManifest(path).catch(() => undefined)
    const source = checkpoint?.source ?? manifest?.source
    if (source !== undefined) assertSame(path, source, identity)
    const chain = checkpoint?.chain ?? manifest?.chain ?? EMPTY
    await removeTemporary(path)
    if (checkpoint === undefined) await assertLengths(path, chain)
    else await cutBack(path, checkpoint)
    return {path, manifest, checkpoint, chain, release}
  } catch (error) {
    release()
    throw error
  }
}

/** Whether a folder holds an export, finished or not. */
export async function isExport(path: string): Promise<boolean> {
  const names = await namesIn(path)
  return names.includes(MANIFEST) || names.includes(CHECKPOINT)
}

async function lock(path: string): Promise<() => void> {
  try {
    return await acquireLock(join(path, LOCK), {timeoutMs: 0})
  } catch (cause) {
    if (!(cause instanceof VezaError) || cause.code !== 'unreachable')
      throw new VezaError('failed', `cannot write ${path}`, {
        hint: 'name a folder that you may write to',
        cause,
      })
    throw new VezaError('conflict', `another veza exports into ${path}`, {
      hint: 'let it end, or name another folder',
      cause,
    })
  }
}

function assertSame(path: string, found: Identity, wanted: Identity): void {
  const isSame = found.server === wanted.server && found.kind === wanted.kind && found.id === wanted.id
  if (isSame) return
  throw new VezaError('conflict', `${path} is an export of ${found.kind} ${found.id} of ${found.server}`, {
    hint: `${wanted.kind} ${wanted.id} of ${wanted.server} needs a folder of its own`,
  })
}

/** A finished export is as long as it was. That no byte was changed, the reading of the chain shows. */
async function assertLengths(path: string, {parts}: ChainState): Promise<void> {
  for (const {name, bytes} of parts) {
    const found = await stat(join(path, name)).catch(() => undefined)
    if (found?.isFile() !== true || found.size !== bytes) throw changed(join(path, name))
  }
}

/** For records that are not what the last run left: nothing is built on these. */
export function changed(what: string): VezaError {
  return new VezaError('conflict', `${what} was changed since the last run`, {
    hint: 'see `veza export verify`; a new export goes into another folder',
  })
}

async function removeTemporary(path: string): Promise<void> {
  const left = (await namesIn(path)).filter(name => TEMPORARY.test(name))
  for (const name of left) await onDisk(join(path, name), () => rm(join(path, name), {force: true}))
}

/** Everything as it was at the checkpoint; the hash of a manifest that was being written is written again. */
async function cutBack(path: string, {chain, spool}: Checkpoint): Promise<void> {
  const known = new Map(chain.parts.map(({name, bytes}) => [name, bytes]))
  for (const name of (await namesIn(path)).filter(found => PART.test(found)))
    await cut(path, name, known.get(name) ?? 0)
  for (const name of known.keys()) await assertThere(path, name)
  await cut(path, SPOOL, spool?.bytes ?? 0)
}

async function cut(path: string, name: string, bytes: number): Promise<void> {
  const found = await stat(join(path, name)).catch(() => undefined)
  if (found !== undefined && found.size < bytes) throw changed(join(path, name))
  if (found !== undefined && found.size !== bytes) await cutTo(join(path, name), bytes)
}

async function assertThere(path: string, name: string): Promise<void> {
  const found = await stat(join(path, name)).catch(() => undefined)
  if (found === undefined) throw changed(join(path, name))
}
