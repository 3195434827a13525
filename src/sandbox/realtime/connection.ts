import {randomUUID} from 'node:crypto'
import type {Socket} from 'node:net'

import type {WebSocket} from 'ws'

import type {Actor} from '../app.js'
import type {Tally} from '../tally.js'
import {encodeFrame, type Subscriber} from './hub.js'

/** A reader this far behind gets what is waiting, then the end; a dead one is cut off by ws after 30 seconds. */
const BACKLOG_MAX_BYTES = 64 * 1024 * 1024
/** Who does not read his answers is not listened to either: a fast sender is slowed down, not cut off. */
const READING_STOPS_BYTES = 1024 * 1024
const CLOSE_TRY_AGAIN_LATER = 1013

/** One WebSocket. Every frame that leaves the server passes through `deliver`. */
export class Connection implements Subscriber {
  readonly sessionId = randomUUID()
  /** Unknown until the first frame, or the handshake, has said who it is. */
  actor: Actor | undefined
  currentRoomId: number | null = null
  #isCorked = false
  #hushes = 0

  constructor(
    readonly socket: WebSocket,
    readonly transport: Socket,
    readonly tally: Tally,
  ) {}

  get userId(): number {
    return this.actor?.id ?? 0
  }

  get hasToken(): boolean {
    return this.actor?.sessionId !== undefined
  }

  send(type: string, data: unknown): void {
    this.deliver(encodeFrame(type, data))
  }

  deliver(frame: Buffer, isBinary = false): void {
    if (this.#hushes > 0 || this.socket.readyState !== this.socket.OPEN) return
    if (this.socket.bufferedAmount > BACKLOG_MAX_BYTES) {
      this.close(CLOSE_TRY_AGAIN_LATER, 'too slow')
    } else {
      this.#cork()
      this.tally.framesSent += 1
      this.socket.send(frame, {binary: isBinary})
    }
  }

  /** Answers a ping. */
  pong(payload: Buffer): void {
    if (this.#hushes > 0 || this.socket.readyState !== this.socket.OPEN) return
    this.socket.pong(payload)
    this.throttle()
  }

  /** To be called after each frame that was read. */
  throttle(): void {
    if (this.socket.isPaused || this.socket.bufferedAmount < READING_STOPS_BYTES) return
    this.socket.pause()
    this.transport.once('drain', () => this.#read())
  }

  hush(): void {
    this.#hushes += 1
    this.socket.pause()
  }

  unhush(): void {
    this.#hushes -= 1
    this.#read()
  }

  cut(): void {
    this.socket.terminate()
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason)
  }

  #read(): void {
    if (this.#hushes === 0) this.socket.resume()
  }

  // The answers to all frames of one read leave in one write: a third of the time of a write for each.
  #cork(): void {
    if (this.#isCorked) return
    this.#isCorked = true
    this.transport.cork()
    setImmediate(() => {
      this.#isCorked = false
      this.transport.uncork()
    })
  }
}
