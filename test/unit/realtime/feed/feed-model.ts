import type {Frame, Message, Page} from '../../../../src/contract/resources.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import {channelKey} from '../../../../src/lib/realtime/channel.js'
import type {Connection, ConnectionListener} from '../../../../src/lib/realtime/connection/connection.js'
import type {Dialled, PageQuery} from '../../../../src/lib/realtime/feed/feed-types.js'

/** What becomes of a broadcast. */
export type Fate = 'sent' | 'twice' | 'late' | 'swallowed'

interface Stored extends Message {
  readonly key: string
}

/** What is on its way to the client, in order. */
type Outgoing = {readonly frame: Frame} | {readonly pong: string} | {readonly garbage: string}

/** How a model server is. */
export interface ModelTraits {
  readonly acks: boolean
  readonly knowsAfterId: boolean
  readonly pageRows: number
  /** Messages say when they were created. */
  readonly isDated: boolean
  /** A page shows history as it was when it was asked for, not when the answer comes. */
  readonly readsEarly: boolean
  /** When what a client sends is handled: at once, later one by one, or so but for pings, which are answered at once. */
  readonly handles?: 'at once' | 'in turn' | 'pings first'
}

/** The client's end of a connection without a socket. What the server sends waits until it is delivered. */
class ModelConnection implements Connection {
  readonly joined = new Set<string>()
  outgoing: Outgoing[] = []
  /** What the client has sent and the server has not handled yet. */
  readonly #incoming: (() => void)[] = []
  #listener: ConnectionListener | undefined
  readonly #server: ModelServer
  #paused = false
  #cut = false

  constructor(server: ModelServer) {
    this.#server = server
  }

  listen(listener: ConnectionListener): void {
    this.#listener = listener
    if (this.#cut) queueMicrotask(() => listener.closed({code: 1006, reason: ''}))
  }

  send(...texts: readonly string[]): void {
    for (const text of texts) {
      const frame = JSON.parse(text) as Frame
      this.#incoming.push(() => this.#server.receive(this, frame))
    }
    if (this.#handles === 'at once') while (this.#handle());
  }

  ping(payload: string): void {
    const answer = (): void => void this.outgoing.push({pong: payload})
    if (this.#handles === 'in turn') this.#incoming.push(answer)
    else answer()
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
  }

  async close(): Promise<void> {
    this.#listener = undefined
    this.#server.gone(this)
  }

  get #handles() {
    return this.#server.traits.handles ?? 'at once'
  }

  /** Handles the oldest of what the client has sent. */
  #handle(): boolean {
    const next = this.#incoming.shift()
    next?.()
    return next !== undefined
  }

  /** Handles one frame of the client, hands over the oldest of those for it. */
  deliver(): boolean {
    const isHandled = this.#handle()
    if (this.#paused) return isHandled
    const next = this.outgoing.shift()
    if (next === undefined) return isHandled
    if ('pong' in next) this.#listener?.pong(next.pong)
    else if ('garbage' in next) this.#listener?.malformed(next.garbage)
    else this.#listener?.frame(next.frame)
    return true
  }

  cut(): void {
    const listener = this.#listener
    this.#listener = undefined
    this.#cut = true
    this.#server.gone(this)
    listener?.closed({code: 1006, reason: ''})
  }
}

/** A chat server without sockets: what it stores, what of that can be seen, and what it tells whom. */
export class ModelServer {
  readonly traits: ModelTraits
  readonly stored: Stored[] = []
  connection: ModelConnection | undefined
  now = (): number => 0
  /** So many reads fail, and how. */
  failures = 0
  /** Reads of this channel alone fail. */
  broken: {readonly channel: Channel; readonly error: VezaError} | undefined
  failure = new VezaError('server_error', 'out of order', {status: 503})
  /** What clients have sent, and which channels' pages were asked for. */
  readonly received: Frame[] = []
  readonly asked: Channel[] = []
  #nextId = 1
  /** Stored in transactions that are still open. */
  #open: {readonly message: Stored; readonly fate: Fate; readonly at: number}[] = []
  #reads: (() => void)[] = []

  constructor(traits: ModelTraits) {
    this.traits = traits
  }

  async dial(): Promise<Dialled> {
    this.connection = new ModelConnection(this)
    return {connection: this.connection, token: 'token'}
  }

  receive(connection: ModelConnection, frame: Frame): void {
    const {type, data} = frame
    this.received.push(frame)
    if (type === 'authenticate' && this.traits.acks) this.#send(connection, 'auth_success', {user_id: 1})
    const key = `room:${data.room_id}`
    if (type === 'leave_room') connection.joined.delete(key)
    if (type !== 'join_room') return
    connection.joined.add(key)
    const last = this.#visible(key).at(-1)?.id ?? null
    if (this.traits.acks)
      this.#send(connection, 'room_joined', {room_id: data.room_id, last_message_id: last})
  }

  gone(connection: ModelConnection): void {
    if (this.connection === connection) this.connection = undefined
  }

  /** Stores a message; `slow`: it can be seen, and is broadcast, only after `commit`. */
  post(channel: Channel, fate: Fate, slow: boolean): number {
    const id = this.#nextId
    this.#nextId += 1
    const created = this.traits.isDated ? {created_at: new Date(this.now()).toISOString()} : {}
    const message = {id, content: `message ${id}`, key: channelKey(channel), ...created}
    this.#open.push({message, fate, at: this.now()})
    if (!slow) this.commit(this.#open.length - 1)
    return id
  }

  /** Ends one transaction; without a number all of them. */
  commit(nth?: number): void {
    const ended = nth === undefined ? this.#open.splice(0) : this.#open.splice(nth, 1)
    for (const {message, fate} of ended) {
      this.stored.push(message)
      this.#broadcast(message, fate)
    }
  }

  /** Ends the transactions that have been open for so long. */
  commitOpenFor(ms: number): void {
    const old = this.#open.filter(({at}) => this.now() - at >= ms)
    for (const transaction of old) this.commit(this.#open.indexOf(transaction))
  }

  garbage(): void {
    this.connection?.outgoing.push({garbage: 'no frame'})
  }

  /** Answers the oldest read that waits. */
  answer(): boolean {
    const read = this.#reads.shift()
    read?.()
    return read !== undefined
  }

  readonly readPage = async (channel: Channel, query: PageQuery): Promise<Page<Message>> => {
    this.asked.push(channel)
    const early = this.#page(channel, query)
    await new Promise<void>(resolve => this.#reads.push(resolve))
    if (this.broken !== undefined && channelKey(channel) === channelKey(this.broken.channel))
      throw this.broken.error
    if (this.failures > 0) {
      this.failures -= 1
      throw this.failure
    }
    return this.traits.readsEarly ? early : this.#page(channel, query)
  }

  #page(channel: Channel, {limit, beforeId, afterId}: PageQuery): Page<Message> {
    const rows = this.#visible(channelKey(channel))
    const size = Math.min(limit, this.traits.pageRows)
    const isForward = afterId !== undefined && this.traits.knowsAfterId
    const wanted = rows.filter(({id}) =>
      isForward ? id > (afterId ?? 0) : id < (beforeId ?? Number.POSITIVE_INFINITY),
    )
    const page = isForward ? wanted.slice(0, size) : wanted.slice(-size)
    return {items: page.map(({key: _key, ...message}) => message), has_more: wanted.length > size}
  }

  #visible(key: string): Stored[] {
    return this.stored.filter(message => message.key === key).sort((a, b) => a.id - b.id)
  }

  #broadcast({key, ...message}: Stored, fate: Fate): void {
    const {connection} = this
    const [kind, id] = key.split(':')
    if (connection === undefined || fate === 'swallowed') return
    if (kind === 'room' && !connection.joined.has(key)) return
    const type = kind === 'room' ? 'room_message' : 'dm_message'
    const frame = {
      type,
      data: {...message, [kind === 'room' ? 'room_id' : 'conversation_id']: Number(id)},
    }
    for (let copy = fate === 'twice' ? 2 : 1; copy > 0; copy -= 1) {
      // A late one is overtaken by those before it in the line, so that it is the one that comes first.
      const at = fate === 'late' ? Math.max(0, connection.outgoing.length - 2) : connection.outgoing.length
      connection.outgoing.splice(at, 0, {frame})
    }
  }

  /** Sends a frame to whoever is connected. */
  send(type: string, data: Frame['data']): void {
    if (this.connection !== undefined) this.#send(this.connection, type, data)
  }

  #send(connection: ModelConnection, type: string, data: Frame['data']): void {
    connection.outgoing.push({frame: {type, data}})
  }
}
