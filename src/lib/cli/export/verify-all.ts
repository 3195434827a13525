import {join} from 'node:path'
import {custom as customArg} from '@oclif/core/args'
import {custom} from '@oclif/core/flags'
import {VezaError} from '../../errors/veza-error.js'
import {namesIn} from '../../export/disk.js'
import {isExport} from '../../export/folder.js'
import {verifyExport} from '../../export/verify.js'
import type {VerifyRecord} from '../../output/views/export-record.js'
import {reader} from '../flags.js'

/** How the folder of a room or a conversation among others is called. */
const ONE_OF_SEVERAL = /^(room|dm)-\d+(-|$)/

/** One or more folders. */
export function foldersArg() {
  return customArg<string>({ignoreStdin: true})({
    description: 'Folders of exports, or of several exports',
    required: true,
    multiple: true,
  })
}

/** `--root`. */
export function rootFlag() {
  return custom<string>({
    summary: 'What the manifest has to be: the root that the export printed',
    helpValue: 'HASH',
    parse: reader(parseRoot, '--root'),
  })()
}

function parseRoot(text: string, label: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  throw new VezaError('usage', `${label} wants 64 hexadecimal digits`)
}

/**
 * Verifies each export and yields what was found.
 * @throws {VezaError} `failed` after the last one when something is wrong, `not_found` for a folder without an export,
 * `usage` for a root that could be of several.
 */
export async function* verifyAll(
  folders: readonly string[],
  root: string | undefined,
  signal: AbortSignal,
): AsyncIterable<VerifyRecord> {
  const exports = (await Promise.all(folders.map(exportsIn))).flat()
  if (root !== undefined && exports.length > 1)
    throw new VezaError('usage', '--root is of one export: name one folder')
  let damaged = 0
  for (const folder of exports) {
    const record = await verifyExport(folder, root, signal)
    if (!record.ok) damaged += 1
    yield record
  }
  if (damaged === 0) return
  throw new VezaError(
    'failed',
    damaged === 1 && exports.length === 1
      ? 'the export is not as it was'
      : `${damaged} of ${exports.length} exports are not as they were`,
  )
}

async function exportsIn(folder: string): Promise<readonly string[]> {
  if (await isExport(folder)) return [folder]
  const inside = (await namesIn(folder))
    .filter(name => ONE_OF_SEVERAL.test(name))
    .map(name => join(folder, name))
  return inside.length === 0 ? [folder] : inside.sort()
}
