import type {Readable} from 'node:stream'
import {invalidUtf8Offset} from '../delivery/utf8.js'
import {VezaError} from '../errors/veza-error.js'
import type {InputStream} from '../output/io.js'
import {fileError, openSource} from './local-file.js'

const WAYS = 'give it as an argument, with --message or --file, or pipe it in'

/** No server takes a message of this size: a stream without end is noticed. */
const MAX_BYTES = 1024 * 1024

/** Where the text of a message may come from; exactly one of them must give one. */
export interface BodySources {
  /** The argument. */
  readonly text: string | undefined
  /** `--message`. */
  readonly message: string | undefined
  /** `--file`, `-` for stdin. */
  readonly file: string | undefined
  readonly stdin: InputStream
  readonly signal: AbortSignal
}

/**
 * The text to send: argument, `--message`, `--file`, or stdin where none of them is given and stdin is no terminal.
 * Of a file or stdin a byte order mark and one final line break are left out, as `$(...)` does; all else stays.
 * @throws {VezaError} `usage` for none, several or an empty one, or invalid UTF-8; `file_unreadable` for a bad file.
 */
export async function readBody(sources: BodySources): Promise<string> {
  const {text, message, file, stdin} = sources
  const given = [text, message, file].filter(source => source !== undefined)
  if (given.length > 1)
    throw new VezaError('usage', 'the message is given twice', {
      hint: 'give one of MESSAGE, --message, --file',
    })
  const literal = text ?? message
  if (literal !== undefined) return notEmpty(literal)
  if (file !== undefined && file !== '-') return notEmpty(await readUtf8File(file, sources.signal))
  if (file === undefined && stdin.isTTY) throw nothingGiven()
  return notEmpty(await readText(stdin, 'stdin', sources.signal))
}

/**
 * The text of a file that goes into a message, without a byte order mark and one final line break.
 * @throws {VezaError} `usage` for invalid UTF-8, with its offset; `refused` for more than 1 MiB; `file_unreadable`.
 */
export async function readUtf8File(path: string, signal: AbortSignal): Promise<string> {
  return readText(await openSource(path), path, signal)
}

function nothingGiven(): VezaError {
  return new VezaError('usage', 'there is no message', {hint: WAYS})
}

function notEmpty(content: string): string {
  if (content === '') throw new VezaError('usage', 'the message is empty', {hint: WAYS})
  return content
}

async function readText(source: Readable, name: string, signal: AbortSignal): Promise<string> {
  const text = decodeUtf8(await readAll(source, name, signal), name)
  return text.replace(/\r?\n$/, '')
}

async function readAll(source: Readable, name: string, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const stop = (): unknown => source.destroy()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, {once: true})
  try {
    for await (const chunk of source) {
      chunks.push(Buffer.from(chunk))
      size += chunk.length
      if (size > MAX_BYTES)
        throw new VezaError('refused', `${name} holds more than 1 MiB, no message may be so long`)
    }
  } catch (error) {
    throw error instanceof VezaError ? error : fileError(error, name)
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return Buffer.concat(chunks)
}

/** The decoder leaves out a byte order mark, which PowerShell puts before piped text. */
function decodeUtf8(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch (cause) {
    const offset = invalidUtf8Offset(bytes)
    throw new VezaError('usage', `${name} is not UTF-8 text: byte ${offset} does not fit`, {
      hint: 'save it as UTF-8, or send it as a file: veza files upload',
      cause,
    })
  }
}
