import type {Agent} from 'node:http'
import type {ClientOptions, WebSocket} from 'ws'
import type {Frame} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import {parseFrame} from './frames.js'
import {connectionError, handshakeRefusal, MAX_FRAME_BYTES} from './handshake-error.js'
import {Heartbeat, PING_INTERVAL_MS, SILENCE_MS, systemTimers, type Timers} from './heartbeat.js'

/** Section 1 of the contract. */
const HANDSHAKE_TIMEOUT_MS = 30_000
const CLOSE_TIMEOUT_MS = 2_000

/** How a connection ended that we did not close. */
export interface Closure {
  /** Close code of RFC 6455; 1006 when there was no closing handshake, 1005 when the server gave none. */
  readonly code: number
  /** The server's words, often empty. */
  readonly reason: string
  /** What went wrong on our side of the wire, where that is known: silence, a reset, a broken frame. */
  readonly error?: VezaError
}

/** Who is told what comes over a connection. Called in the order of arrival, never after `close` was called. */
export interface ConnectionListener {
  frame(frame: Frame): void
  /** Something that is no frame has come; the connection goes on. */
  malformed(problem: string): void
  /** The answer to `ping`, with the text that was given there. */
  pong(payload: string): void
  /** The last call. */
  closed(closure: Closure): void
}

/** One open WebSocket. It reads nothing until `listen` is called, so that no frame is lost on the way to its reader. */
export interface Connection {
  listen(listener: ConnectionListener): void
  /** Sends texts of `encodeFrame` one behind the other. After the end of the connection it does nothing. */
  send(...texts: readonly string[]): void
  /** Sends a WebSocket ping with a short text that the pong repeats. */
  ping(payload: string): void
  /** Stops reading, so that the server feels the back pressure. Frames already in memory may still come. */
  pause(): void
  resume(): void
  /** Closes (default 1000), resolves when the socket is gone: after 2 s it is cut. Calls the listener no more. */
  close(code?: number, reason?: string): Promise<void>
}

/** How to open a connection. */
export interface ConnectionOptions {
  /** `ws:` or `wss:`, with the path. */
  readonly url: string
  /** Sent with the handshake: `Authorization` or `X-API-Key` (section 2 of the contract). */
  readonly headers?: Readonly<Record<string, string>>
  /** Proxy and TLS settings. */
  readonly agent?: Agent | undefined
  /** Ends the opening, with its reason as the error. An open connection is ended by `close`. */
  readonly signal?: AbortSignal | undefined
  /** Default 30 s, from the first packet to the open socket. */
  readonly handshakeTimeoutMs?: number
  /** Default 30 s. */
  readonly pingIntervalMs?: number
  /** Within so long a silent socket is given up: by default after 55 s. Default 60 s. */
  readonly silenceMs?: number
  /** Default 2 s. */
  readonly closeTimeoutMs?: number
  /** Default: the real ones. */
  readonly timers?: Timers
}

/**
 * Opens one WebSocket with a heartbeat (sections 1 and 5 of the contract). A frame above 4 MiB ends it with 1009 and the
 * error `not_protocol`.
 * @throws {VezaError} by the status of a refused handshake (see `handshakeRefusal`), `unreachable` or `not_protocol`
 * otherwise (see `connectionError`); the reason of `signal` when that is aborted.
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const {WebSocket} = await import('ws')
  options.signal?.throwIfAborted()
  const settings: ClientOptions & {closeTimeout: number} = {
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    closeTimeout: options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS,
    headers: {...options.headers},
    ...(options.agent === undefined ? {} : {agent: options.agent}),
  }
  const socket = new WebSocket(options.url, settings)
  return opened(socket, options)
}

/** Waits for the handshake. Whatever the failure, it is reported once the socket is gone. */
function opened(socket: WebSocket, options: ConnectionOptions): Promise<Connection> {
  const {timers = systemTimers, handshakeTimeoutMs = HANDSHAKE_TIMEOUT_MS, signal, url} = options
  return new Promise((resolve, reject) => {
    let failure: unknown
    const fail = (reason: unknown): void => {
      failure ??= reason
      socket.terminate()
    }
    const late = (): void =>
      fail(
        new VezaError(
          'unreachable',
          `no connection to ${new URL(url).host} within ${handshakeTimeoutMs / 1000} s`,
        ),
      )
    const abort = (): void => fail(signal?.reason)
    const cancelTimer = timers.setTimer(late, handshakeTimeoutMs)
    const settle = (finish: () => void): void => {
      cancelTimer()
      signal?.removeEventListener('abort', abort)
      finish()
    }
    signal?.addEventListener('abort', abort, {once: true})
    socket.on('error', cause => {
      failure ??= connectionError(cause, url)
    })
    socket.once('unexpected-response', (_request, response) =>
      fail(handshakeRefusal(response.statusCode ?? 0, response.headers, timers.wallNow())),
    )
    socket.once('close', () => settle(() => reject(failure)))
    socket.once('open', () => {
      socket.removeAllListeners()
      const connection = new SocketConnection(socket, options)
      settle(() => resolve(connection))
    })
  })
}

class SocketConnection implements Connection {
  readonly #socket: WebSocket
  readonly #heartbeat: Heartbeat
  readonly #gone: Promise<void>
  #listener: ConnectionListener | undefined
  #failure: VezaError | undefined
  #closure: Closure | undefined

  constructor(socket: WebSocket, options: ConnectionOptions) {
    const {url, timers = systemTimers, pingIntervalMs = PING_INTERVAL_MS, silenceMs = SILENCE_MS} = options
    this.#socket = socket
    socket.pause()
    this.#heartbeat = new Heartbeat({
      timers,
      pingIntervalMs,
      silenceMs,
      ping: () => socket.ping(),
      dead: silentMs => this.#die(silentMs),
    })
    this.#heartbeat.start()
    this.#gone = new Promise(resolve => {
      socket.once('close', (code, reason) => {
        this.#ended(code, reason.toString())
        resolve()
      })
    })
    socket.on('error', cause => this.#fail(connectionError(cause, url)))
  }

  listen(listener: ConnectionListener): void {
    const closure = this.#closure
    if (closure !== undefined) {
      queueMicrotask(() => listener.closed(closure))
      return
    }
    this.#listener = listener
    this.#socket.on('message', (data, isBinary) => {
      this.#heartbeat.life()
      if (isBinary) this.#listener?.malformed('a binary frame')
      else this.#read(data.toString())
    })
    this.#socket.on('pong', data => {
      this.#heartbeat.life()
      this.#listener?.pong(data.toString())
    })
    this.#socket.on('ping', () => this.#heartbeat.life())
    this.resume()
  }

  send(...texts: readonly string[]): void {
    for (const text of texts) this.#socket.send(text, ignoreError)
  }

  ping(payload: string): void {
    this.#socket.ping(payload, true, ignoreError)
  }

  pause(): void {
    this.#heartbeat.pause()
    this.#socket.pause()
  }

  resume(): void {
    this.#heartbeat.resume()
    this.#socket.resume()
  }

  close(code = 1000, reason = ''): Promise<void> {
    this.#listener = undefined
    this.#heartbeat.stop()
    this.#socket.close(code, reason)
    // The server's half of the closing handshake has to be read.
    this.#socket.resume()
    return this.#gone
  }

  #read(text: string): void {
    const parsed = parseFrame(text)
    if ('frame' in parsed) this.#listener?.frame(parsed.frame)
    else this.#listener?.malformed(parsed.problem)
  }

  #die(silentMs: number): void {
    this.#fail(new VezaError('unreachable', `no sign of life for ${Math.round(silentMs / 100) / 10} s`))
    this.#socket.terminate()
  }

  #fail(error: VezaError): void {
    this.#failure ??= error
  }

  #ended(code: number, reason: string): void {
    this.#heartbeat.stop()
    this.#closure = {code, reason, ...(this.#failure === undefined ? {} : {error: this.#failure})}
    this.#listener?.closed(this.#closure)
    this.#listener = undefined
  }
}

/** A write to a socket that is going down fails; that it goes down is reported by its `close` event. */
function ignoreError(): void {}
