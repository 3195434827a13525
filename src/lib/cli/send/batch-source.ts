import {createReadStream} from 'node:fs'
import {stat} from 'node:fs/promises'
import type {Readable} from 'node:stream'
import {VezaError} from '../../errors/veza-error.js'
import type {InputStream} from '../../output/io.js'
import {fileError, openSource} from '../local-file.js'

/** The input of a batch. */
export interface BatchSource {
  readonly name: string
  /** Undefined where it is not known. */
  readonly totalBytes: number | undefined
  /** Its bytes. @throws {VezaError} `file_unreadable`. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Bytes read until now. */
  readonly readBytes: () => number
  close(): void
}

/**
 * Opens a file, or stdin for `-` and where none is named.
 * @throws {VezaError} `file_unreadable`; `usage` where nothing is named and stdin is a terminal.
 */
export async function openBatchSource(file: string | undefined, stdin: InputStream): Promise<BatchSource> {
  if (file === undefined && stdin.isTTY === true)
    throw new VezaError('usage', 'there is nothing to send', {hint: 'name a file with --file, or pipe it in'})
  if (file === undefined || file === '-') return sourceOf(stdin, 'stdin', undefined)
  try {
    const found = await stat(file)
    return found.isFile()
      ? sourceOf(createReadStream(file), file, found.size)
      : sourceOf(await openSource(file), file, undefined)
  } catch (error) {
    throw error instanceof VezaError ? error : fileError(error, file)
  }
}

function sourceOf(stream: Readable, name: string, totalBytes: number | undefined): BatchSource {
  let readBytes = 0
  return {
    name,
    totalBytes,
    readBytes: () => readBytes,
    bytes: counted(stream, name, size => {
      readBytes += size
    }),
    close: () => void stream.destroy(),
  }
}

async function* counted(
  stream: Readable,
  name: string,
  count: (size: number) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) {
      count(chunk.length)
      yield chunk
    }
  } catch (error) {
    throw fileError(error, name)
  }
}
