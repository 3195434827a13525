import {join} from 'node:path'
import {VezaError} from '../../errors/veza-error.js'
import {namesIn} from '../../export/disk.js'
import {exportPlace} from '../../export/export-place.js'
import {folderName, folderPrefix} from '../../export/file-name.js'
import {isExport} from '../../export/folder.js'
import type {ExportPlace, ExportSource, FileFailure} from '../../export/types.js'
import type {ExportRecord} from '../../output/views/export-record.js'
import type {Context} from '../context.js'
import {exportRecord} from './record.js'
import {keepHeapSmall} from './small-heap.js'
import {stageTeller} from './stages.js'

/** How to export. */
export interface ExportRun {
  readonly context: Context
  readonly version: string
  readonly output: string
  readonly recheck: number
  readonly files: boolean
  /** Each in a folder of its own below `output`, also where it is one. */
  readonly apart: boolean
}

/**
 * Exports one place after the other and yields what each has got. One that the account may not read, or whose folder is not for it,
 * does not keep the others from theirs; nor does a file that cannot be had.
 * @throws {VezaError} what ends all at once; after the last place the first failure of one, or of a file.
 */
export async function* exportAll(
  sources: readonly ExportSource[],
  run: ExportRun,
): AsyncIterable<ExportRecord> {
  if (run.apart && (await isExport(run.output))) {
    throw new VezaError('conflict', `${run.output} is the export of one room`, {hint: 'name another folder'})
  }
  keepHeapSmall()
  let first: VezaError | undefined
  for (const source of sources) {
    try {
      const {record, failures} = await exportOne(source, run)
      yield record
      for (const {fileId, error} of failures) {
        first ??= error
        run.context.out.warn(`file ${fileId} is left for the next run: ${error.message}`)
      }
    } catch (error) {
      if (!run.apart || !isOfOnePlace(error)) throw error
      first ??= error
      run.context.out.warn(`${source.place.name}: ${error.message}`)
    }
  }
  if (first !== undefined) throw first
}

function isOfOnePlace(error: unknown): error is VezaError {
  return error instanceof VezaError && ['forbidden', 'not_found', 'conflict'].includes(error.code)
}

interface ExportedPlace {
  readonly record: ExportRecord
  readonly failures: readonly FileFailure[]
}

async function exportOne(source: ExportSource, run: ExportRun): Promise<ExportedPlace> {
  const {context, version, recheck, files} = run
  // What few commands need is no part of the file that every command reads.
  const {PAGE} = await import('veza:export-page')
  const folder = run.apart ? join(run.output, await folderOf(run.output, source.place)) : run.output
  const status = context.out.status()
  try {
    const effects = {
      now: Date.now,
      signal: context.signal,
      version,
      onProgress: stageTeller(status, source.place),
    }
    const result = await exportPlace(source, {folder, recheck, files, assets: PAGE}, effects)
    return {record: exportRecord(source.place, folder, result), failures: result.failures}
  } finally {
    status.stop()
  }
}

/** A room that was renamed keeps the folder that it has. */
async function folderOf(output: string, {kind, id, name}: ExportPlace): Promise<string> {
  const prefix = folderPrefix(kind, id)
  const found = (await namesIn(output)).find(folder => folder === prefix || folder.startsWith(`${prefix}-`))
  return found ?? folderName(kind, id, name)
}
