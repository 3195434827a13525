import type {Frame} from '../../../contract/resources.js'
import {encodeFrame} from '../../realtime/connection/frames.js'
import {systemTimers, type Timers} from '../../realtime/connection/heartbeat.js'
import {join} from '../../realtime/connection/session.js'
import type {Context} from '../context.js'
import {dial} from '../dial.js'
import {FrameStream} from './frame-stream.js'

/** What is sent, and when watching ends. */
export interface FrameWatch {
  /** Sent one after the other, once `authenticate` is. */
  readonly outgoing: AsyncIterable<Frame>
  /** Only these types come out; all where there are none. */
  readonly types: ReadonlySet<string>
  /** Ends after so many that came out. */
  readonly count: number | undefined
  /** Ends when nothing came for so long after the last frame was sent. */
  readonly idleMs: number | undefined
}

/** One WebSocket of the session (section 5 of the contract), for frames as they are. */
export interface RawSocket {
  /** What comes, until an end of `FrameWatch`; throws as `FrameStream`, and at the end the first `error` frame's error. */
  frames(): AsyncIterable<Frame>
  close(): Promise<void>
}

/** Opens the connection and authenticates. @throws {VezaError} as `dial`. */
export async function openRawSocket(context: Context, watch: FrameWatch): Promise<RawSocket> {
  const {connection, token} = await dial(context, context.signal, false)
  const stream = new FrameStream(connection, problem => context.out.warn(problem))
  const idle = new IdleTimer(watch.idleMs, systemTimers, () => stream.stop())
  context.signal.addEventListener('abort', () => stream.stop(), {once: true})
  const send = async (): Promise<void> => {
    join(connection, {token, roomIds: [], ping: 'authenticated'})
    for await (const frame of watch.outgoing) connection.send(encodeFrame(frame.type, frame.data))
    idle.begin()
  }
  return {
    frames: () => watched(context.signal, {watch, stream, idle, send}),
    close: async () => {
      idle.stop()
      await connection.close()
    },
  }
}

interface Watched {
  readonly watch: FrameWatch
  readonly stream: FrameStream
  readonly idle: IdleTimer
  readonly send: () => Promise<void>
}

async function* watched(signal: AbortSignal, {watch, stream, idle, send}: Watched): AsyncGenerator<Frame> {
  let failure: unknown
  void send().catch(error => {
    failure = error
    stream.stop()
  })
  let count = 0
  for await (const frame of stream) {
    idle.touch()
    if (watch.types.size > 0 && !watch.types.has(frame.type)) continue
    yield frame
    count += 1
    if (count === watch.count) break
  }
  signal.throwIfAborted()
  if (failure !== undefined) throw failure
  if (stream.refusal !== undefined) throw stream.refusal
}

/** Runs out when nothing was touched for so long. */
class IdleTimer {
  readonly #idleMs: number | undefined
  readonly #timers: Timers
  readonly #onIdle: () => void
  #cancel: (() => void) | undefined

  constructor(idleMs: number | undefined, timers: Timers, onIdle: () => void) {
    this.#idleMs = idleMs
    this.#timers = timers
    this.#onIdle = onIdle
  }

  /** Counts from now on. */
  begin(): void {
    if (this.#idleMs !== undefined) this.#cancel = this.#timers.setTimer(this.#onIdle, this.#idleMs)
  }

  /** Counts from the beginning again, once it does count. */
  touch(): void {
    if (this.#cancel === undefined) return
    this.stop()
    this.begin()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
