import type {Writable} from 'node:stream'
import {VezaError} from '../errors/veza-error.js'

/** From here on, what a turn of the event loop has accepted is handed over before the turn ends. In UTF-16 units. */
const HAND_OVER_LENGTH = 64 * 1024

/** How a write fails when the reader has gone: POSIX, Windows, a socket, a stream that is already destroyed. */
const READER_GONE = new Set(['EPIPE', 'EOF', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

/** Called at most once each, and never both. */
interface OutletEvents {
  /** The reader has gone. What is written from now on is dropped. */
  onClosed(): void
  /** A write failed for another reason, such as a full disk. */
  onFailure(error: VezaError): void
}

/** Something awaited by several: one promise, settled once, whose rejection nobody has to look at. */
interface Gate {
  readonly promise: Promise<void>
  settle(error?: VezaError): void
}

/**
 * One output stream. Texts accepted in one turn of the event loop leave in one write, at the latest when the turn
 * ends, so a flood is cheap and a single record is never held back.
 */
export class Outlet {
  readonly #stream: Writable
  readonly #events: OutletEvents
  #pending = ''
  #scheduled = false
  #writesUnderWay = 0
  #mayWait = true
  #closed = false
  #failure: VezaError | undefined
  #drained: Gate | undefined
  #idle: Gate | undefined

  constructor(stream: Writable, events: OutletEvents) {
    this.#stream = stream
    this.#events = events
    stream.on('error', error => this.#onError(error))
    stream.on('close', () => this.close())
    stream.on('drain', () => this.#openDrained())
  }

  /** Accepts text. Undefined while the stream takes more at once, else a promise to await before the next. */
  write(text: string): Promise<void> | undefined {
    if (this.#closed) return undefined
    if (this.#failure) return settledGate(this.#failure).promise
    this.#pending += text
    if (this.#pending.length >= HAND_OVER_LENGTH) this.handOver()
    else this.#schedule()
    return this.#untilDrained()
  }

  /** Accepts bytes, behind the text that was accepted before, and hands them over at once. As `write`. */
  writeBytes(bytes: Uint8Array): Promise<void> | undefined {
    this.handOver()
    if (this.#closed) return undefined
    if (this.#failure) return settledGate(this.#failure).promise
    this.#writesUnderWay++
    this.#stream.write(bytes, error => this.#onWritten(error))
    return this.#untilDrained()
  }

  #untilDrained(): Promise<void> | undefined {
    if (!this.#mayWait || !this.#stream.writableNeedDrain) return undefined
    this.#drained ??= createGate()
    return this.#drained.promise
  }

  /** Writes what is pending to the stream now. */
  handOver(): void {
    const text = this.#pending
    this.#pending = ''
    if (text === '' || this.#closed || this.#failure) return
    this.#writesUnderWay++
    this.#stream.write(text, error => this.#onWritten(error))
  }

  /** Resolves once the system has everything accepted so far, or the reader has gone; rejects with the failure. */
  flush(): Promise<void> {
    this.handOver()
    if (this.#failure) return settledGate(this.#failure).promise
    if (this.#closed || this.#writesUnderWay === 0) return Promise.resolve()
    this.#idle ??= createGate()
    return this.#idle.promise
  }

  /** No write waits for the reader any more: a slow one must not hold up the end of the process. */
  stopWaiting(): void {
    this.#mayWait = false
    this.#openDrained()
  }

  /** The reader has gone: drops what is pending and whatever follows. */
  close(): void {
    if (this.#closed || this.#failure) return
    this.#closed = true
    this.#release()
    this.#events.onClosed()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.handOver()
    })
  }

  #onWritten(error: Error | null | undefined): void {
    this.#writesUnderWay--
    if (error) this.#onError(error)
    if (this.#writesUnderWay > 0) return
    this.#idle?.settle(this.#failure)
    this.#idle = undefined
  }

  #onError(error: Error): void {
    const code = 'code' in error ? `${error.code}` : error.message
    if (READER_GONE.has(code)) {
      this.close()
    } else if (!this.#closed && !this.#failure) {
      this.#failure = new VezaError('failed', `cannot write the output: ${error.message}`, {cause: error})
      this.#release()
      this.#events.onFailure(this.#failure)
    }
  }

  #release(): void {
    this.#pending = ''
    this.#openDrained()
    this.#idle?.settle(this.#failure)
    this.#idle = undefined
  }

  #openDrained(): void {
    this.#drained?.settle(this.#failure)
    this.#drained = undefined
  }
}

function createGate(): Gate {
  let settle: Gate['settle'] = () => {}
  const promise = new Promise<void>((resolve, reject) => {
    settle = error => (error ? reject(error) : resolve())
  })
  // Callers that do not await must not turn a full disk into an unhandled rejection; onFailure tells of it.
  promise.catch(() => {})
  return {promise, settle}
}

function settledGate(error: VezaError): Gate {
  const gate = createGate()
  gate.settle(error)
  return gate
}
