import type {Readable} from 'node:stream'
import {VezaError} from '../errors/veza-error.js'
import {throwIfAborted} from './abort.js'
import {createDeadline, type Deadline} from './deadline.js'
import {systemCode} from './network-error.js'
import {printable} from './printable.js'

/** What `downloadBody` needs. */
export interface DownloadBodyOptions {
  readonly stream: Readable
  /** As announced; undefined where nothing was. */
  readonly expectedBytes: number | undefined
  /** Where it comes from, for errors. */
  readonly server: string
  /** The connection is dead when no byte came for so long while one was waited for. */
  readonly stallTimeoutMs: number
  readonly signals: readonly (AbortSignal | undefined)[]
}

/**
 * The bytes of a body as they come. Throws `unreachable` where it breaks off, stalls or is shorter than announced, and the
 * reason of a signal that fired. Time that its reader takes is not counted. A signal closes it even if it is never read.
 */
export function downloadBody(options: DownloadBodyOptions): AsyncIterable<Uint8Array> {
  const {stream, stallTimeoutMs, signals} = options
  const wait: Wait = {isOn: false}
  const deadline = createDeadline(stallTimeoutMs, signals, () => !wait.isOn)
  const close = (): unknown => stream.destroy()
  stream.once('close', deadline.release)
  // Whoever reads learns of it there; one that nobody reads must not end the process.
  stream.on('error', () => undefined)
  deadline.signal.addEventListener('abort', close)
  if (deadline.signal.aborted) close()
  return read(options, deadline, wait)
}

/** Whether a byte is waited for. */
interface Wait {
  isOn: boolean
}

async function* read(
  options: DownloadBodyOptions,
  deadline: Deadline,
  wait: Wait,
): AsyncGenerator<Uint8Array> {
  const {stream, expectedBytes, signals} = options
  let doneBytes = 0
  let cause: unknown
  try {
    wait.isOn = true
    for await (const chunk of stream) {
      wait.isOn = false
      doneBytes += chunk.length
      yield chunk
      wait.isOn = true
      deadline.touch()
    }
  } catch (error) {
    cause = error
  }
  throwIfAborted(...signals)
  if (deadline.expired || cause !== undefined || doneBytes < (expectedBytes ?? 0))
    throw brokenOff(options, {doneBytes, isStalled: deadline.expired, cause})
}

interface Break {
  readonly doneBytes: number
  readonly isStalled: boolean
  readonly cause: unknown
}

function brokenOff(options: DownloadBodyOptions, {doneBytes, isStalled, cause}: Break): VezaError {
  const {expectedBytes, server, stallTimeoutMs} = options
  const code = systemCode(cause)
  const what = isStalled
    ? `the download stalled, no byte came for ${stallTimeoutMs / 1000} s`
    : `the connection to ${server} broke in the middle of the file`
  const done = `${doneBytes} of ${expectedBytes ?? 'an unknown number of'} bytes came`
  const reason = code === undefined || isStalled ? '' : ` (${printable(code, 80)})`
  return new VezaError('unreachable', `${what}: ${done}${reason}`, {hint: 'try again', cause})
}
