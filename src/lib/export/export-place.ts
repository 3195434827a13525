import {hash} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Conversation} from '../../contract/resources.js'
import {isPart} from '../api/paging.js'
import {ChainCheck, readChain} from './chain-reader.js'
import {syncFolder} from './disk.js'
import {fetchFiles, removeUnrecorded} from './fetch-files.js'
import {changed, type ExportFolder, openFolder} from './folder.js'
import {isSameAbout, Known} from './known.js'
import {rootOf, writeManifest} from './manifest.js'
import {MANIFEST, PAGE} from './names.js'
import type {PageAssets} from './page-parts.js'
import {lookAgain, readNewMessages} from './read-history.js'
import type {Counts, ExportSource, FileFailure, Manifest} from './types.js'
import {type ExportEffects, Work} from './work.js'
import {writePage} from './write-page.js'

/** How to export. */
export interface ExportOptions {
  readonly folder: string
  /** How many of the messages exported before are looked at again. */
  readonly recheck: number
  /** Whether files are fetched, too. */
  readonly files: boolean
  readonly assets: PageAssets
}

/** What a run has done. */
export interface ExportResult {
  /** By this run. */
  readonly added: Counts
  readonly total: Counts
  /** The hash of the manifest. */
  readonly root: string
  /** Whether it went on with an unfinished run. */
  readonly resumed: boolean
  /** Whether the server lists all members; undefined where there are none. */
  readonly membersComplete: boolean | undefined
  /** Files that could not be had this time. */
  readonly failures: readonly FileFailure[]
}

/**
 * Exports a room or a conversation into a folder, or adds to it what has come since: docs/export.md.
 * @throws {VezaError} what the source throws; `conflict` for a folder that is not for it; `failed` when it cannot be written.
 */
export async function exportPlace(
  source: ExportSource,
  options: ExportOptions,
  effects: ExportEffects,
): Promise<ExportResult> {
  const {kind, id} = source.place
  const folder = await openFolder(options.folder, {server: source.server, kind, id})
  try {
    const known = new Known(source.server, options.recheck)
    await learn(folder, known)
    const work = new Work(folder, source, known, effects)
    try {
      return await run(work, options)
    } finally {
      await work.close()
    }
  } finally {
    folder.release()
  }
}

/** Reads what there is. Nothing is appended to what was changed. */
async function learn(folder: ExportFolder, known: Known): Promise<void> {
  const check = new ChainCheck()
  for await (const lines of readChain(folder.path, folder.chain.parts)) {
    for (const line of lines) {
      check.next(line)
      if (line.record !== undefined) known.note(line.record)
    }
  }
  const [fault] = check.end(folder.chain)
  if (fault !== undefined)
    throw changed(`${join(folder.path, fault.file)}${fault.line === undefined ? '' : `, line ${fault.line}`}`)
}

async function run(work: Work, options: ExportOptions): Promise<ExportResult> {
  const {folder, known} = work
  const before = {...known.counts}
  const exported = known.recent
  if (folder.checkpoint !== undefined) await removeUnrecorded(work)
  const membersComplete = await readAbout(work)
  await readNewMessages(work)
  await lookAgain(work, exported)
  const failures = options.files ? await fetchFiles(work) : []
  const {manifest, root} = await finish(work, options)
  const added = difference(manifest.counts, before)
  const resumed = folder.checkpoint !== undefined
  return {added, total: manifest.counts, root, resumed, membersComplete, failures}
}

/** The room and its members, where they are not what they were. */
async function readAbout(work: Work): Promise<boolean | undefined> {
  const {source, known} = work
  const {about} = source
  if (!isSameAbout(known.about.get(source.place.kind), about)) {
    await work.append(
      isConversation(about) ? {kind: 'conversation', conversation: about} : {kind: 'room', room: about},
    )
  }
  const page = await source.members?.()
  if (page === undefined) return undefined
  const members = {items: page.items, total: page.total, complete: !isPart(page)}
  if (!isSameAbout(known.about.get('members'), members)) await work.append({kind: 'members', members})
  return members.complete
}

function isConversation(about: ExportSource['about']): about is Conversation {
  return 'conversation_id' in about
}

/** The page, the manifest and its hash; all as it was where nothing is new. */
async function finish(work: Work, {assets}: ExportOptions): Promise<{manifest: Manifest; root: string}> {
  const {folder, source, known, effects} = work
  const old = folder.manifest
  if (!work.isUnfinished && old !== undefined && (await hasPage(folder.path, old))) {
    return {manifest: old, root: rootOf(await readFile(join(folder.path, MANIFEST)))}
  }
  const {server, place} = source
  await work.begin()
  const chain = await work.sync()
  const finishedAt = new Date(effects.now()).toISOString()
  const page = await writePage({folder: folder.path, chain, known, source, finishedAt, assets, effects})
  const manifest: Manifest = {
    format: 'veza-export',
    version: 1,
    source: {server, kind: place.kind, id: place.id, name: place.name},
    finished_at: finishedAt,
    last_message_id: known.lastMessageId,
    counts: {...known.counts},
    chain,
    page,
  }
  const root = await writeManifest(folder.path, manifest)
  await syncFolder(folder.path)
  return {manifest, root}
}

async function hasPage(folder: string, {page}: Manifest): Promise<boolean> {
  const found = await readFile(join(folder, PAGE)).catch(() => undefined)
  return found !== undefined && hash('sha256', found) === page.sha256
}

function difference(after: Counts, before: Counts): Counts {
  return {
    messages: after.messages - before.messages,
    revisions: after.revisions - before.revisions,
    deletions: after.deletions - before.deletions,
    files: after.files - before.files,
    missing_files: after.missing_files - before.missing_files,
  }
}
