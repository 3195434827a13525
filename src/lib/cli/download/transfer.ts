import type {FileDownload} from '../../api/file-download.js'
import type {FilesApi} from '../../api/files.js'
import {VezaError} from '../../errors/veza-error.js'
import {createTries, type Tries, type TriesOptions} from './tries.js'

/** Where the bytes of a file go, in their order. */
export interface Sink {
  /** How many bytes of the file it has. */
  readonly size: number
  /** Takes the next bytes. A promise where it takes no more at once: await it. Throws VezaError where it cannot. */
  write(chunk: Uint8Array): Promise<void> | undefined
  /** Drops what it has: the file is another one now. Throws VezaError where that cannot be. */
  restart(): Promise<void>
}

/** An answer whose body has not been read, and how it is given up. */
export interface OpenFile {
  readonly file: FileDownload
  close(): void
}

/** What a transfer needs. */
export interface TransferOptions extends TriesOptions {
  readonly api: Pick<FilesApi, 'download'>
  readonly fileId: number
  readonly signal: AbortSignal
}

/** Asks for a file from `fromByte` on. To be closed in any case. */
export async function openFile(
  {api, fileId, signal}: TransferOptions,
  {fromByte = 0, ifRange}: {readonly fromByte?: number; readonly ifRange?: string | undefined} = {},
): Promise<OpenFile> {
  const controller = new AbortController()
  const either = AbortSignal.any([signal, controller.signal])
  const file = await api.download(fileId, {fromByte, ifRange, signal: either})
  return {file, close: () => controller.abort()}
}

/**
 * Brings all of a file into the sink, which may have a beginning of it already. A connection that breaks is taken up
 * again where it broke, if the server tells by a validator or a digest that the file is still the same, else from the first byte.
 * Gives up after `retries` tries in a row that brought next to nothing. Resolves to what the server said of the file.
 */
export async function transfer(first: OpenFile, sink: Sink, options: TransferOptions): Promise<FileDownload> {
  const tries = createTries(options)
  let open = await goneOn(first, sink, options)
  for (;;) {
    const failure = await pour(open, sink, tries)
    if (failure === undefined) return open.file
    await tries.wait(failure)
    open = await reopened(open.file, sink, options)
  }
}

/** The answer with which the sink goes on: the first one where it has nothing or everything. */
async function goneOn(first: OpenFile, sink: Sink, options: TransferOptions): Promise<OpenFile> {
  const {totalBytes} = first.file
  if (sink.size === 0 || sink.size === totalBytes) return first
  if (isKnown(first.file) && sink.size < (totalBytes ?? Number.POSITIVE_INFINITY)) {
    first.close()
    return reopened(first.file, sink, options)
  }
  await sink.restart()
  return first
}

async function reopened(known: FileDownload, sink: Sink, options: TransferOptions): Promise<OpenFile> {
  const open = isKnown(known) ? await openRest(known, sink, options) : await openFile(options)
  if (isSame(known, open.file)) return {...open, file: completed(open.file, known)}
  if (sink.size > 0) await sink.restart()
  if (open.file.fromByte === 0) return open
  open.close()
  return openFile(options)
}

async function openRest(known: FileDownload, sink: Sink, options: TransferOptions): Promise<OpenFile> {
  try {
    return await openFile(options, {fromByte: sink.size, ifRange: known.validator})
  } catch (error) {
    // 416: it has become shorter than what is here.
    if (error instanceof VezaError && error.status === 416) return openFile(options)
    throw error
  }
}

/** Whether the server says anything by which the file can be told from a later version. */
function isKnown({validator, digest}: FileDownload): boolean {
  return validator !== undefined || digest !== undefined
}

function isSame(one: FileDownload, other: FileDownload): boolean {
  if (one.validator !== undefined && other.validator !== undefined) return one.validator === other.validator
  return one.digest !== undefined && one.digest.value === other.digest?.value
}

/** A server may say all of a file with the whole of it only. */
function completed(file: FileDownload, known: FileDownload): FileDownload {
  return {...file, totalBytes: file.totalBytes ?? known.totalBytes, digest: file.digest ?? known.digest}
}

/** Reads a body to its end; undefined once the sink has all of the file, else why it has not. */
async function pour({file, close}: OpenFile, sink: Sink, tries: Tries): Promise<VezaError | undefined> {
  const {totalBytes} = file
  try {
    if (totalBytes === undefined || sink.size < totalBytes) await read(file, sink, tries)
  } catch (error) {
    if (error instanceof VezaError && error.code === 'unreachable') return error
    throw error
  } finally {
    close()
  }
  if (totalBytes === undefined || sink.size === totalBytes) return undefined
  const problem = `${sink.size} bytes came of a file of ${totalBytes}`
  if (sink.size > totalBytes) throw new VezaError('not_protocol', problem)
  return new VezaError('unreachable', problem, {hint: 'try again'})
}

async function read(file: FileDownload, sink: Sink, tries: Tries): Promise<void> {
  // A server that knows no ranges sends the beginning once more.
  let skippedBytes = sink.size - file.fromByte
  for await (const chunk of file.body) {
    const rest = skippedBytes > 0 ? chunk.subarray(Math.min(skippedBytes, chunk.length)) : chunk
    skippedBytes -= chunk.length - rest.length
    if (rest.length === 0) continue
    await sink.write(rest)
    tries.gained(rest.length, sink.size)
  }
}
