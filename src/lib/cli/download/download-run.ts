import type {Stats} from 'node:fs'
import {lstat} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import type {DownloadedFile} from '../../output/views/downloaded-file.js'
import {checkHash} from './check-hash.js'
import {downloadFile} from './download-file.js'
import type {DownloadRun} from './run-options.js'
import {StdoutSink} from './stdout-sink.js'
import {openFile, type TransferOptions, transfer} from './transfer.js'

/** Downloads files one after the other, and yields each once it has its name. @throws {VezaError} as `downloadFile`. */
export async function* downloadAll(
  fileIds: readonly number[],
  run: DownloadRun,
): AsyncGenerator<DownloadedFile> {
  const own = new Set<string>()
  for (const fileId of fileIds) {
    const refuseOwn = (facts: Stats, path: string): void => {
      if (own.has(identityOf(facts))) throw sameName(fileId, path)
    }
    const file = await scoped(fileId, run, options => downloadFile({fileId, options, refuseOwn}, run))
    own.add(identityOf(await lstat(file.path)))
    yield file
  }
}

/** Writes a file to stdout as it comes. What is written by the time of an error stays written. */
export async function downloadToStdout(fileId: number, io: Io, run: DownloadRun): Promise<void> {
  await scoped(fileId, run, async options => {
    const first = await openFile(options)
    const sink = new StdoutSink(io, run.sha256 !== undefined || first.file.digest !== undefined)
    const progress = await run.out.progress(first.file.fileName ?? `file ${fileId}`, first.file.totalBytes)
    try {
      const file = await transfer(first, sink, {...options, onBytes: size => progress.update(size)})
      const {sha256} = sink
      if (sha256 !== undefined) checkHash(sha256, file, run.sha256)
    } finally {
      progress.stop()
    }
  })
}

/** Whatever is still coming in when `work` ends, however it ends, is given up. */
async function scoped<T>(
  fileId: number,
  {api, out, signal, retries}: DownloadRun,
  work: (options: TransferOptions) => Promise<T>,
): Promise<T> {
  const scope = new AbortController()
  try {
    return await work({
      api,
      fileId,
      signal: AbortSignal.any([signal, scope.signal]),
      retries,
      random: Math.random,
      sleep: (delayMs, until) => sleep(delayMs, undefined, {signal: until}),
      onBytes: () => undefined,
      onBreak: (reason, delayMs) => out.verbose(`${reason}; goes on in ${delayMs} ms`),
    })
  } finally {
    scope.abort()
  }
}

function identityOf({dev, ino}: Stats): string {
  return `${dev}:${ino}`
}

function sameName(fileId: number, path: string): VezaError {
  return new VezaError('conflict', `file ${fileId} has the name of one that came before it: ${path}`, {
    hint: 'download it by itself, with another name: --output FILE',
  })
}
