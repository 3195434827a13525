import type {Stats} from 'node:fs'
import {rm, stat} from 'node:fs/promises'
import {basename, join} from 'node:path'
import type {FileDownload} from '../../api/file-download.js'
import type {ErrorCode} from '../../errors/catalogue.js'
import {VezaError} from '../../errors/veza-error.js'
import {formatBytes} from '../../output/formats/bytes.js'
import type {Printer} from '../../output/printer.js'
import type {Progress} from '../../output/progress.js'
import type {DownloadedFile} from '../../output/views/downloaded-file.js'
import {makeFolder} from '../../state/make-folder.js'
import {checkHash} from './check-hash.js'
import {type ClaimedPart, claimPart, removeLeftParts} from './claim-part.js'
import {keptFile} from './kept-file.js'
import type {PartFile} from './part-file.js'
import type {Place} from './place.js'
import type {DownloadRun} from './run-options.js'
import {safeFileName} from './safe-name.js'
import {examine, putInPlace} from './target.js'
import {type OpenFile, openFile, type TransferOptions, transfer} from './transfer.js'
import {writeError} from './write-error.js'

/** One file of a run. */
export interface OneFile {
  readonly fileId: number
  readonly options: TransferOptions
  /** Throws for a file that this run has brought itself. */
  refuseOwn(facts: Stats, path: string): void
}

/**
 * Brings one file of the server to this machine: into a part beside its place, from where an earlier run got to; then checked,
 * synced, and only then under its name.
 * @throws {VezaError} as the calls do, `conflict` for what is there already, `file_corrupt`, `file_unwritable`, and `failed` on a full disk.
 */
export async function downloadFile(one: OneFile, run: DownloadRun): Promise<DownloadedFile> {
  const {output, existing} = run.place
  // Before anything is asked of the server.
  if (output !== undefined) await examine(output, existing)
  const first = await openFile(one.options)
  const target = await targetOf(run.place, first.file.fileName, one.fileId)
  const found = await examine(target, existing)
  if (found !== undefined) one.refuseOwn(found, target)
  if (found !== undefined && existing === 'keep')
    return keptFile(target, {fileId: one.fileId, file: first.file, out: run.out})
  return bring(first, target, {one, run})
}

/** The place of a file: as the user named it, else a folder and what its uploader's name for it comes to. */
async function targetOf(
  {output, folder}: Place,
  fileName: string | undefined,
  fileId: number,
): Promise<string> {
  if (output !== undefined) return output
  const name = safeFileName(fileName ?? '') ?? `file-${fileId}`
  try {
    makeFolder(folder, 0o777)
  } catch (cause) {
    throw writeError(cause, folder)
  }
  return join(folder, name)
}

/** What one file and its run are made of. */
interface Parts {
  readonly one: OneFile
  readonly run: DownloadRun
  readonly progress: Progress
}

async function bring(
  first: OpenFile,
  target: string,
  {one, run}: Omit<Parts, 'progress'>,
): Promise<DownloadedFile> {
  const owner = {target, server: run.server, fileId: one.fileId, stateDir: run.stateDir}
  const claimed = await claimPart(owner, first.file)
  const {part} = claimed
  const progress = await run.out.progress(basename(target), first.file.totalBytes)
  progress.update(part.size)
  try {
    const verified = await fill(part, first, {one, run, progress})
    await part.sync()
    await part.close()
    await putInPlace(part.path, target, run.place.existing)
    await removeLeftParts(owner)
    return recordOf(part, {file_id: one.fileId, path: target, verified})
  } catch (error) {
    progress.stop()
    await giveUp(claimed, error, run.out)
    throw error
  } finally {
    progress.stop()
    await part.close()
    claimed.release()
  }
}

function recordOf(
  {size, sha256, inheritedBytes}: PartFile,
  {file_id, path, verified}: Pick<DownloadedFile, 'file_id' | 'path' | 'verified'>,
): DownloadedFile {
  return {file_id, path, size, sha256, resumed_from: inheritedBytes, verified, skipped: false}
}

/** Brings all of the file into the part. Resolves to whether there was a hash to hold it to. */
async function fill(part: PartFile, first: OpenFile, {one, run, progress}: Parts): Promise<boolean> {
  const check = (file: FileDownload): boolean => checkHash(part.sha256, file, run.sha256)
  const file = await transfer(first, part, {...one.options, onBytes: size => progress.update(size)})
  try {
    return check(file)
  } catch (error) {
    if (part.inheritedBytes === 0 || part.sha256 === file.digest?.value) throw error
  }
  progress.stop()
  // A power cut can leave a part longer than what the disk has of it.
  run.out.notice(`what an earlier run left of ${part.path} is damaged: begins anew`)
  await part.restart()
  return check(await transfer(await openFile(one.options), part, one.options))
}

/** Failures after which a part is of no use. */
const USELESS: ReadonlySet<ErrorCode> = new Set(['file_corrupt', 'conflict'])

/** Leaves a part that a later run can go on from, and says so; any other is removed. */
async function giveUp({part, isKept}: ClaimedPart, error: unknown, out: Printer): Promise<void> {
  await part.close()
  // Nobody goes on with what is damaged, nor where another file has the name by now.
  const isUseless = error instanceof VezaError && USELESS.has(error.code)
  // Not what it took: a full disk has less.
  const {size} = await stat(part.path).catch(() => ({size: 0}))
  if (!isKept || isUseless || size === 0) await rm(part.path, {force: true}).catch(() => undefined)
  else if (out.speaks)
    out.notice(`the same command goes on after ${formatBytes(size)}, which are in ${part.path}`)
}
