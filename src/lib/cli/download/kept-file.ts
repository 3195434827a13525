import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import type {FileDownload} from '../../api/file-download.js'
import type {Printer} from '../../output/printer.js'
import type {DownloadedFile} from '../../output/views/downloaded-file.js'
import {fileError} from '../local-file.js'

/**
 * The record of a file that is left as it is (`--skip-existing`). Where it is not what the server has, a warning says so.
 * @throws {VezaError} `file_unreadable`.
 */
export async function keptFile(
  path: string,
  {fileId, file, out}: {readonly fileId: number; readonly file: FileDownload; readonly out: Printer},
): Promise<DownloadedFile> {
  const {size, sha256} = await readHash(path)
  const isOther =
    (file.totalBytes !== undefined && file.totalBytes !== size) ||
    (file.digest !== undefined && file.digest.value !== sha256)
  if (isOther) out.warn(`${path} is left as it is, and is not what the server has as file ${fileId}`)
  else if (out.speaks) out.notice(`${path} is there already`)
  return {
    file_id: fileId,
    path,
    size,
    sha256,
    resumed_from: 0,
    verified: file.digest !== undefined && !isOther,
    skipped: true,
  }
}

async function readHash(path: string): Promise<{readonly size: number; readonly sha256: string}> {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const chunk of createReadStream(path, {highWaterMark: 1024 * 1024})) {
      hash.update(chunk)
      size += chunk.length
    }
  } catch (cause) {
    throw fileError(cause, path)
  }
  return {size, sha256: hash.digest('hex')}
}
