import type {Frame, Message} from '../../../contract/resources.js'
import {decodeMessage} from '../../api/decode.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Connection} from '../connection/connection.js'
import {isAnswer} from '../connection/frames.js'
import {join, leave, problemOf, refusalOf, roomOf} from '../connection/session.js'
import {type Ending, endingOfClosure, endingOfError} from '../reconnect/reconnect.js'
import type {SessionEnd} from '../reconnect/supervise.js'
import {ChannelSync} from './channel-sync.js'
import {Fences} from './fences.js'
import {Joins} from './joins.js'
import type {Link, Links} from './links.js'
import {isRefusal} from './refusals.js'
import type {SessionContext} from './session-context.js'
import type {Timeline} from './timeline.js'

/** A connection that stood so long without a refusal is a live session also where no frame has shown it. */
const PROVEN_AFTER_MS = 30_000

/**
 * One connection's life (section 5 of the contract): authenticate and join at once, hold what comes, fill each channel
 * from history as soon as anything says that the join was seen, then give out live, and compare with history at each
 * beat, until the connection ends.
 */
export class FeedSession {
  readonly #connection: Connection
  readonly #context: SessionContext
  readonly #openedAt: number
  readonly #end: Promise<SessionEnd>
  /** Ends all that goes on beside the frames. */
  readonly #abort = new AbortController()
  readonly #fences: Fences
  readonly #sync: ChannelSync
  readonly #links: Links
  readonly #joins = new Joins()
  #finish: (end: SessionEnd) => void = () => {}
  #ended = false
  #proven = false
  /** The pong to a join has come, or a frame that shows a join. */
  #seen = false
  #authenticated = false

  constructor(connection: Connection, context: SessionContext) {
    this.#connection = connection
    this.#context = context
    this.#openedAt = context.effects.now()
    this.#end = new Promise(resolve => {
      this.#finish = resolve
    })
    const {queue, effects} = context
    const {signal} = this.#abort
    const ping = (payload: string): void => connection.ping(payload)
    this.#fences = new Fences({ping, isPaused: () => queue.paused, effects, signal})
    this.#sync = new ChannelSync({
      context,
      signal,
      fence: () => this.#fences.pass(),
      found: timelines => this.follow(timelines),
      stop: ending => this.#stop(ending),
    })
    this.#links = this.#sync.links
  }

  /** Runs until the connection ends; leaves no socket. Never rejects. */
  async run(token: string | undefined): Promise<SessionEnd> {
    const {signal, channels, isAgain, leaves} = this.#context
    const onAbort = (): void => this.#stop(endingOfError(signal.reason))
    signal.addEventListener('abort', onAbort, {once: true})
    this.#connection.listen({
      frame: frame => this.#onFrame(frame),
      malformed: problem => this.#context.journal.malformed(problem),
      pong: payload => this.#onPong(payload),
      closed: closure => this.#stop(endingOfClosure(closure)),
    })
    this.#join(channels.all, token)
    if (isAgain) this.#sync.findMore()
    if (signal.aborted) onAbort()
    const end = await this.#end
    signal.removeEventListener('abort', onAbort)
    if (signal.aborted && leaves) leave(this.#connection, [...this.#links.rooms.keys()])
    await this.#connection.close()
    for (const timeline of channels.all) timeline.cut()
    return end
  }

  /** Back pressure. */
  pause(): void {
    if (!this.#ended) this.#connection.pause()
  }

  resume(): void {
    if (!this.#ended) this.#connection.resume()
  }

  /** Joins more channels; after the end of the connection the next one does. */
  follow(timelines: readonly Timeline[]): void {
    if (!this.#ended && timelines.length > 0) this.#join(timelines)
  }

  /** Leaves channels. */
  unfollow(timelines: readonly Timeline[]): void {
    this.#sync.unfollow(timelines)
    leave(this.#connection, roomIdsOf(timelines))
  }

  #join(timelines: readonly Timeline[], token?: string): void {
    const added = this.#links.add(timelines)
    join(this.#connection, {token, roomIds: roomIdsOf(timelines), ping: this.#joins.begin(added)})
    if (!this.#authenticated) return
    for (const link of added) if (link.timeline.channel.kind === 'dm') this.#joinShown(link, undefined)
  }

  #onFrame(frame: Frame): void {
    if (this.#ended) return
    const {type, data} = frame
    let link: Link | undefined
    if (type === 'room_message') link = this.#links.rooms.get(Number(data.room_id))
    else if (type === 'dm_message') link = this.#links.conversations.get(Number(data.conversation_id))
    if (link === undefined) this.#onOther(frame)
    else this.#onMessage(link, frame)
  }

  #onMessage(link: Link, frame: Frame): void {
    const {queue} = this.#context
    this.#proven = true
    const message = this.#decode(frame)
    if (this.#joins.isShownByMessage(link)) this.#joinShown(link, message?.id)
    if (message === undefined) return
    const {timeline} = link
    if (timeline.live(message)) queue.push({type: 'message', channel: timeline.channel, message, late: false})
    else queue.checkPressure()
  }

  #decode(frame: Frame): Message | undefined {
    try {
      return decodeMessage(frame.data)
    } catch (error) {
      if (error instanceof VezaError) this.#context.journal.malformed(error.message)
      else this.#stop(endingOfError(error))
      return undefined
    }
  }

  #onOther(frame: Frame): void {
    const {rooms} = this.#links
    const isJoined = [...rooms.values()].every(({shown}) => shown)
    const refusal = refusalOf(frame, roomId => this.#joins.has(roomId), isJoined)
    if (refusal !== undefined && this.#onRefusal(frame, refusal)) return
    if (frame.type === 'error') {
      this.#context.journal.reported(problemOf(frame))
      return
    }
    this.#proven = true
    this.#noteJoin(frame)
    if (!isAnswer(frame.type) && !this.#links.isElsewhere(frame.data))
      this.#context.queue.push({type: 'frame', frame})
  }

  #noteJoin(frame: Frame): void {
    const {type, data} = frame
    if (type === 'room_joined') {
      const roomId = Number(data.room_id)
      const link = this.#links.rooms.get(roomId)
      if (this.#joins.acknowledged(roomId, link) && link !== undefined)
        this.#joinShown(link, data.last_message_id)
    } else if (type === 'auth_success') {
      this.#authenticated = true
      for (const link of this.#links.conversations.values()) this.#joinShown(link, undefined)
    } else if (type === 'dm_message' && this.#isStranger(frame)) {
      this.#sync.findMore()
    }
  }

  #isStranger(frame: Frame): boolean {
    const id = this.#decode(frame)?.id
    return this.#context.channels.isStranger(Number(frame.data.conversation_id), id)
  }

  /**
   * False for one that ends nothing: of a room that was left meanwhile, or without a room where refusals are left out,
   * since history says which one it is.
   */
  #onRefusal(frame: Frame, error: VezaError): boolean {
    const roomId = roomOf(frame)
    const link = this.#links.rooms.get(roomId ?? 0)
    if (roomId !== undefined && isRefusal(error) && !this.#joins.refused(roomId, link)) return false
    if (link !== undefined) this.#sync.failed(link, error)
    else if (isRefusal(error) && this.#context.onRefusal === 'unfollow') return false
    else this.#stop(endingOfError(error))
    return true
  }

  #onPong(payload: string): void {
    if (this.#ended) return
    this.#fences.pong(payload)
    if (!this.#joins.pong(payload)) return
    this.#seen = true
    for (const link of this.#links.all) if (this.#joins.isSeen(link)) this.#joinSeen(link)
    this.#pauseIfBehind()
    this.#sync.joined()
  }

  /**
   * A server that does not handle frames one after the other may send the pong before the join is done. The fill that the
   * pong began may then have missed what was sent in between: it is done again now, unless it went up to `lastId`, the
   * last message before the join or the first one after it. Nothing live is given out between the two fills.
   */
  #joinShown(link: Link, lastId: unknown): void {
    if (link.shown) return
    link.shown = true
    if (!link.joined) this.#joinSeen(link)
    else if (!link.live || typeof lastId !== 'number' || lastId > link.timeline.newestId)
      this.#sync.fill(link)
  }

  #joinSeen(link: Link): void {
    if (link.joined) return
    link.joined = true
    this.#seen = true
    this.#sync.fill(link)
    this.#pauseIfBehind()
  }

  /** The reader may be behind since the last connection. Not before all joins were seen: the frames until then say so. */
  #pauseIfBehind(): void {
    if (this.#context.queue.paused && this.#links.all.every(({joined}) => joined)) this.#connection.pause()
  }

  #stop(ending: Ending): void {
    if (this.#ended) return
    this.#ended = true
    this.#abort.abort()
    this.#links.end()
    const stoodMs = this.#context.effects.now() - this.#openedAt
    const proven = this.#proven || (this.#seen && stoodMs >= PROVEN_AFTER_MS)
    this.#finish({...ending, proven, live: this.#sync.isLive})
  }
}

function roomIdsOf(timelines: readonly Timeline[]): readonly number[] {
  return timelines.flatMap(({channel}) => (channel.kind === 'room' ? [channel.id] : []))
}
