import {hash} from 'node:crypto'
import {readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {errnoOf} from '../errors/errno.js'
import {VezaError} from '../errors/veza-error.js'
import {writeFileAtomically} from '../state/atomic-file.js'
import {onDisk} from './disk.js'
import {CHECKPOINT, MANIFEST, PART, ROOT} from './names.js'
import type {ChainState, Checkpoint, Identity, Manifest} from './types.js'

/** What the last finished run left; undefined where none has finished. @throws {VezaError} `failed` when it is damaged. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await textOf(join(folder, MANIFEST))
  return text === undefined ? undefined : parseManifest(text, join(folder, MANIFEST))
}

/** Reads a manifest. @throws {VezaError} `failed` when it is none; it says `name`. */
export function parseManifest(text: string, name: string): Manifest {
  const value = parse(text, name)
  if (!isManifest(value)) throw damaged(name)
  return value
}

/** How far an unfinished run has come; undefined where none is. @throws {VezaError} `failed` when it is damaged. */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, CHECKPOINT)
  const text = await textOf(path)
  if (text === undefined) return undefined
  const value = parse(text, path)
  if (!isCheckpoint(value)) throw damaged(path)
  return value
}

/** Replaces the checkpoint as a whole. @throws {VezaError} `failed` when it cannot be written. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  await write(join(folder, CHECKPOINT), `${JSON.stringify(checkpoint)}\n`)
}

/** Writes the manifest and its hash, the root, then removes the checkpoint. Resolves to the root. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<string> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  const root = rootOf(text)
  await write(join(folder, MANIFEST), text)
  await write(join(folder, ROOT), rootLine(root))
  await onDisk(join(folder, CHECKPOINT), () => rm(join(folder, CHECKPOINT), {force: true}))
  return root
}

/** The hash of a manifest, by which nothing in the folder can be changed unnoticed. */
export function rootOf(manifest: string | Uint8Array): string {
  return hash('sha256', manifest)
}

/** The content of `manifest.sha256`, as `sha256sum` reads it. */
export function rootLine(root: string): string {
  return `${root}  ${MANIFEST}\n`
}

async function write(path: string, text: string): Promise<void> {
  // The cause is the system's own: what the state layer says of its folders does not fit here.
  await onDisk(path, () =>
    writeFileAtomically(path, text).catch((error: Error) => {
      throw error.cause ?? error
    }),
  )
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw new VezaError('file_unreadable', `${path} cannot be read (${errnoOf(cause)})`, {cause})
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw damaged(name, cause)
  }
}

function damaged(name: string, cause?: unknown): VezaError {
  return new VezaError('failed', `${name} is damaged, or not of an export`, {
    hint: 'see `veza export verify`; a new export goes into another folder',
    cause,
  })
}

function isManifest(value: unknown): value is Manifest {
  if (!isObject(value) || value.format !== 'veza-export' || value.version !== 1) return false
  const {source, chain, page, counts, last_message_id} = value
  if (!isIdentity(source) || !isChain(chain) || !isObject(page) || !isObject(counts)) return false
  return isAmount(last_message_id) && isText(page.name) && isAmount(page.bytes) && isText(page.sha256)
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (!isObject(value) || value.format !== 'veza-export-checkpoint' || value.version !== 1) return false
  const {spool} = value
  const isSpool =
    isObject(spool) && isAmount(spool.bytes) && isAmount(spool.oldest_id) && isAmount(spool.newest_id)
  return isIdentity(value.source) && isChain(value.chain) && (spool === undefined || isSpool)
}

function isIdentity(value: unknown): value is Identity {
  return isObject(value) && isText(value.server) && isText(value.kind) && isAmount(value.id)
}

function isChain(value: unknown): value is ChainState {
  if (!isObject(value) || !isAmount(value.records) || !isText(value.head)) return false
  const {parts} = value
  // A name leads to a file of this folder and nowhere else.
  const isPart = (part: unknown): boolean =>
    isObject(part) &&
    isText(part.name) &&
    PART.test(part.name) &&
    isAmount(part.bytes) &&
    isAmount(part.records)
  return Array.isArray(parts) && parts.every(isPart)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isAmount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
