import type {Readable, Writable} from 'node:stream'
import type {VezaError} from '../errors/veza-error.js'
import {Outlet} from './outlet.js'

/** A stream of the process, or what a test puts in its place. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly fd?: number
}

/** Where input comes from and output goes to. */
export type InputStream = Readable & {readonly isTTY?: boolean}

/** What `createIo` needs. */
export interface IoOptions {
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Once aborted, no write waits for a slow reader, and the reader is no longer watched. */
  readonly signal?: AbortSignal
  /** Called once when the reader of stdout has gone: end quietly with 0. */
  readonly onClosedPipe?: () => void
  /** Called once when stdout cannot be written, such as on a full disk; `flush` rejects with the same error. */
  readonly onError?: (error: VezaError) => void
}

/** The streams of the process, behind the only code that writes to them. */
export interface Io {
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /**
   * Writes to stdout, at the latest when the turn of the event loop ends. Undefined while stdout takes more at once,
   * else a promise that resolves when it does and rejects with a VezaError `failed` if it cannot be written.
   */
  write(text: string): Promise<void> | undefined
  /** Writes bytes to stdout as they are, behind the text before them. As `write`. */
  writeBytes(bytes: Uint8Array): Promise<void> | undefined
  /** Writes to stderr at once, behind what stdout has accepted. Failures are ignored: there is nowhere to tell. */
  writeError(text: string): void
  /** Resolves once the system has all output; rejects with a VezaError `failed` if stdout could not be written. */
  flush(): Promise<void>
  /**
   * Notices from now on that the reader of stdout has gone even while there is nothing to write, and then calls
   * `onClosedPipe`. For commands that wait; see `watchReader` for where it works.
   */
  watchReader(): Promise<void>
}

/** Wraps the streams of the process. Call it once: it listens for their errors. */
export function createIo(options: IoOptions): Io {
  const {stdin, stdout, stderr, signal, onClosedPipe = ignore, onError = ignore} = options
  const out = new Outlet(stdout, {onClosed: onClosedPipe, onFailure: onError})
  const err = new Outlet(stderr, {onClosed: ignore, onFailure: ignore})
  onAbort(signal, () => out.stopWaiting())
  return {
    stdin,
    stdout,
    stderr,
    write: text => out.write(text),
    writeBytes: bytes => out.writeBytes(bytes),
    writeError(text) {
      out.handOver()
      err.write(text)
      err.handOver()
    },
    async flush() {
      await Promise.all([out.flush(), err.flush().catch(ignore)])
    },
    async watchReader() {
      if (stdout.fd === undefined) return
      const {watchReader} = await import('./reader-watch.js')
      const stop = watchReader(stdout.fd, () => out.close())
      onAbort(signal, stop)
    },
  }
}

function ignore(): void {}

function onAbort(signal: AbortSignal | undefined, listener: () => void): void {
  if (signal?.aborted) listener()
  else signal?.addEventListener('abort', listener, {once: true})
}
