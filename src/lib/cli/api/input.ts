import type {Frame} from '../../../contract/resources.js'
import {readLines} from '../../delivery/batch/lines.js'
import {VezaError} from '../../errors/veza-error.js'
import type {InputStream} from '../../output/io.js'
import {parseFrame} from '../../realtime/connection/frames.js'
import {fileError, openSource} from '../local-file.js'

/** The bytes of a file, or of stdin for `-`. */
async function source(path: string, stdin: InputStream): Promise<AsyncIterable<Uint8Array>> {
  return path === '-' ? stdin : await openSource(path)
}

/**
 * All text of a file, or of stdin for `-`, without a byte order mark.
 * @throws {VezaError} `usage` where it is no UTF-8; `file_unreadable`.
 */
export async function readInput(path: string, stdin: InputStream): Promise<string> {
  const name = path === '-' ? 'stdin' : path
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of await source(path, stdin)) chunks.push(Buffer.from(chunk))
  } catch (error) {
    throw error instanceof VezaError ? error : fileError(error, name)
  }
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(Buffer.concat(chunks))
  } catch (cause) {
    throw new VezaError('usage', `${name} is not UTF-8 text`, {cause})
  }
}

/**
 * The frames of a file, or of stdin for `-`, as their lines come: each `{"type": ..., "data": {...}}`.
 * @throws {VezaError} `usage` naming the line that is no frame; `file_unreadable`.
 */
export async function* readFrames(path: string, stdin: InputStream): AsyncGenerator<Frame> {
  const name = path === '-' ? 'stdin' : path
  for await (const lines of readLines(await source(path, stdin), name)) {
    for (const line of lines) {
      if ('error' in line) throw line.error
      if (line.text.trim() !== '') yield frameOf(line.text, `${name}: line ${line.number}`)
    }
  }
}

function frameOf(text: string, at: string): Frame {
  const parsed = parseFrame(text)
  if ('frame' in parsed) return parsed.frame
  throw new VezaError('usage', `${at}: ${parsed.problem}`, {hint: '{"type": "ping", "data": {}} is a frame'})
}
