import type {Frame, Message} from '../../contract/resources.js'
import {decodeMessage} from '../api/decode.js'
import {VezaError} from '../errors/veza-error.js'
import type {Closure, Connection} from './connection.js'
import {collectHistory, type HistoryPart, type ReadHistory} from './history.js'
import type {Filled, Merge} from './merge.js'
import type {BatchQueue} from './queue.js'
import {type Ending, endingOfClosure, endingOfError} from './reconnect.js'
import {JOIN_PING, problemOf, refusalOf, startSession} from './session.js'

/** A connection that stood so long without a refusal is a live session also where no frame has shown it. */
const PROVEN_AFTER_MS = 30_000

/** What a session shares with those before and after it in the same room. */
export interface RoomContext {
  readonly roomId: number
  readonly history: ReadHistory
  readonly merge: Merge
  readonly queue: BatchQueue<Message>
  readonly now: () => number
  readonly signal: AbortSignal
  /** A fill is done and delivered: all that comes from now on is delivered as it comes. */
  filled(result: Filled): void
  warn(message: string): void
  frame(frame: Frame): void
}

/** How a session ended, and what the server had shown until then. */
export interface SessionEnd extends Ending {
  /** The server took the token: a frame has come that only a live session gets, or it stood for 30 s. */
  readonly proven: boolean
  /** The room was live: joined, and history read. */
  readonly live: boolean
}

/**
 * One connection's life in one room (section 5 of the contract): authenticate and join at once, hold what comes, fill
 * from history as soon as anything says that the join was seen, then deliver live, until the connection ends.
 */
export class RoomSession {
  readonly #connection: Connection
  readonly #room: RoomContext
  readonly #openedAt: number
  readonly #end: Promise<SessionEnd>
  readonly #abortHistory = new AbortController()
  #finish: (end: SessionEnd) => void = () => {}
  #ended = false
  #proven = false
  #live = false
  /** Something says that the join was seen, be it the pong behind it. */
  #joined = false
  /** A frame has shown that the join was done: its acknowledgement, or a message of the room. */
  #inRoom = false
  #filling = false
  #fillAgain = false

  constructor(connection: Connection, room: RoomContext) {
    this.#connection = connection
    this.#room = room
    this.#openedAt = room.now()
    this.#end = new Promise(resolve => {
      this.#finish = resolve
    })
  }

  /** Runs until the connection ends; leaves no socket. Never rejects. */
  async run(token: string | undefined): Promise<SessionEnd> {
    const onAbort = (): void => this.#stop(endingOfError(this.#room.signal.reason))
    this.#room.signal.addEventListener('abort', onAbort, {once: true})
    this.#connection.listen({
      frame: frame => this.#onFrame(frame),
      malformed: problem => this.#room.warn(problem),
      pong: payload => this.#onPong(payload),
      closed: closure => this.#onClosed(closure),
    })
    startSession(this.#connection, {token, roomId: this.#room.roomId})
    if (this.#room.signal.aborted) onAbort()
    const end = await this.#end
    this.#room.signal.removeEventListener('abort', onAbort)
    await this.#connection.close()
    this.#room.merge.cut()
    return end
  }

  /** Back pressure. */
  pause(): void {
    if (!this.#ended) this.#connection.pause()
  }

  resume(): void {
    if (!this.#ended) this.#connection.resume()
  }

  #onFrame(frame: Frame): void {
    if (this.#ended) return
    if (frame.type === 'room_message' && this.#isOurs(frame)) this.#onMessage(frame)
    else this.#onOther(frame)
  }

  #isOurs(frame: Frame): boolean {
    return Number(frame.data.room_id) === this.#room.roomId
  }

  #onOther(frame: Frame): void {
    const refusal = refusalOf(frame, this.#room.roomId, this.#inRoom)
    if (refusal !== undefined) {
      this.#stop(endingOfError(refusal))
      return
    }
    if (frame.type === 'error') this.#room.warn(`the server reports: ${problemOf(frame)}`)
    else this.#proven = true
    if (frame.type === 'room_joined' && this.#isOurs(frame)) this.#joinShown(frame.data.last_message_id)
    this.#room.frame(frame)
  }

  #onMessage(frame: Frame): void {
    this.#proven = true
    const message = this.#decode(frame)
    if (!this.#inRoom) this.#joinShown(message?.id)
    if (message === undefined) return
    if (this.#room.merge.live(message)) this.#room.queue.push(message)
    else this.#room.queue.checkPressure()
  }

  #decode(frame: Frame): Message | undefined {
    try {
      return decodeMessage(frame.data)
    } catch (error) {
      if (error instanceof VezaError) this.#room.warn(error.message)
      else this.#stop(endingOfError(error))
      return undefined
    }
  }

  #onPong(payload: string): void {
    if (payload === JOIN_PING && !this.#ended) this.#joinSeen()
  }

  /**
   * A server that does not handle frames one after the other may send the pong before the join is done. The fill that the
   * pong began may then have missed what was sent in between: it is done again now, unless it went up to `lastId`, the
   * last message before the join or the first one after it. Nothing is delivered between the two fills.
   */
  #joinShown(lastId: unknown): void {
    if (this.#inRoom) return
    this.#inRoom = true
    if (!this.#joined) this.#joinSeen()
    else if (this.#filling) this.#fillAgain = true
    else if (typeof lastId !== 'number' || !this.#room.merge.hasFilledTo(lastId)) void this.#fill()
  }

  #joinSeen(): void {
    if (this.#joined) return
    this.#joined = true
    void this.#fill()
    // The reader may be behind since the last connection. Not before now: the frames until here say that the join was seen.
    if (this.#room.queue.paused) this.#connection.pause()
  }

  async #fill(): Promise<void> {
    const {merge, queue, warn, filled} = this.#room
    this.#filling = true
    try {
      const part = await this.#readHistory()
      if (this.#ended) return
      if (!part.complete) warn('history does not reach back to the last message delivered')
      const result = merge.endFill(part)
      this.#filling = false
      this.#live = true
      queue.pushAll(result.deliver)
      filled(result)
    } catch (error) {
      this.#stop(endingOfError(error))
    }
  }

  async #readHistory(): Promise<HistoryPart> {
    const {merge, history, roomId} = this.#room
    const {signal} = this.#abortHistory
    for (;;) {
      this.#fillAgain = false
      const part = await collectHistory(query => history(roomId, {...query, signal}), merge.beginFill())
      if (!this.#fillAgain || this.#ended) return part
    }
  }

  #onClosed(closure: Closure): void {
    this.#stop(endingOfClosure(closure))
  }

  #stop(ending: Ending): void {
    if (this.#ended) return
    this.#ended = true
    this.#abortHistory.abort()
    const stoodMs = this.#room.now() - this.#openedAt
    const proven = this.#proven || (this.#joined && stoodMs >= PROVEN_AFTER_MS)
    this.#finish({...ending, proven, live: this.#live})
  }
}
