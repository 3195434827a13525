import {VezaError} from '../errors/veza-error.js'
import type {InputStream} from '../output/io.js'
import {fileError} from './local-file.js'

const LONGEST_SECRET = 64 * 1024

/**
 * The first line of stdin as a secret, so that `echo` and a file with a final line break work alike. A byte order mark,
 * which PowerShell puts before piped text, is left out.
 * @param what what is read, for the errors.
 * Undefined where there is none.
 * @throws {VezaError} `usage` where it is longer than 64 KiB.
 */
export async function readSecret(
  stdin: InputStream,
  what: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const bytes = await readFirstLine(stdin, what, signal)
  const line = new TextDecoder().decode(bytes).split(/\r?\n/)[0]
  return line === '' ? undefined : line
}

async function readFirstLine(stdin: InputStream, what: string, signal: AbortSignal): Promise<Buffer> {
  const stop = (): unknown => stdin.destroy()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, {once: true})
  let bytes = Buffer.alloc(0)
  try {
    for await (const chunk of stdin) {
      bytes = Buffer.concat([bytes, Buffer.from(chunk)])
      if (bytes.includes('\n')) break
      if (bytes.length > LONGEST_SECRET)
        throw new VezaError('usage', `${what} on stdin is longer than 64 KiB`)
    }
    return bytes
  } catch (cause) {
    throw cause instanceof VezaError ? cause : fileError(cause, 'stdin')
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
