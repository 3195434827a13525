import {EventEmitter, once} from 'node:events'
import {createServer, type IncomingHttpHeaders, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {Duplex} from 'node:stream'
import {type WebSocket, WebSocketServer} from 'ws'
import type {Frame, Message, Page} from '../../src/contract/resources.js'

/** How the stub answers; every field can be changed while it runs. */
export interface WsStubBehaviour {
  /** Whether `authenticate` and `join_room` are acknowledged. */
  acks: boolean
  /** Whether `join_room` makes the client a member that broadcasts reach. */
  joins: boolean
  /** An HTTP answer instead of the handshake. */
  refusal: {status: number; headers?: Record<string, string>; body?: string} | undefined
  /** Never answer the handshake at all. */
  mute: boolean
  /** Called for each frame before the stub's own answer; true means: answered. */
  onFrame: ((client: StubClient, frame: Frame) => boolean) | undefined
}

/** A real WebSocket server on a free port with one room, whose history it keeps. */
export class WsStub {
  readonly behaviour: WsStubBehaviour = {
    acks: false,
    joins: true,
    refusal: undefined,
    mute: false,
    onFrame: undefined,
  }
  readonly clients: StubClient[] = []
  readonly history: Message[] = []
  readonly historyCalls: {limit: number; beforeId?: number | undefined}[] = []
  /** Awaited by each history request before it reads, and after. */
  beforeHistory: (() => Promise<void>) | undefined
  afterHistory: (() => Promise<void>) | undefined
  readonly #http = createServer()
  readonly #events = new EventEmitter()
  readonly #sockets: WebSocketServer
  readonly #pending = new Set<Duplex>()

  constructor({autoPong = true} = {}) {
    this.#sockets = new WebSocketServer({noServer: true, perMessageDeflate: false, autoPong})
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  async start(): Promise<this> {
    this.#http.listen(0, '127.0.0.1')
    await once(this.#http, 'listening')
    return this
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/ws`
  }

  /** The client of the nth connection, once it is there. */
  async client(nth: number): Promise<StubClient> {
    while (this.clients.length <= nth) await once(this.#events, 'client')
    return this.clients[nth]!
  }

  /** Resolves at the next handshake that is left unanswered. */
  async muted(): Promise<void> {
    if (this.#pending.size === 0) await once(this.#events, 'muted')
  }

  /** Adds a message to history without telling anybody. */
  store(id: number): Message {
    const message: Message = {id, author_id: 7, username: 'alice', content: `message ${id}`}
    this.history.push(message)
    return message
  }

  /** Adds a message to history and tells the members. */
  post(id: number): void {
    const message = this.store(id)
    for (const client of this.clients) if (client.joined) client.message(message)
  }

  /** What `history` of a feed is: the page that a server of the contract would give. */
  readonly readHistory = async (
    _channel: unknown,
    query: {limit: number; beforeId?: number | undefined; signal: AbortSignal},
  ): Promise<Page<Message>> => {
    this.historyCalls.push({limit: query.limit, beforeId: query.beforeId})
    await this.beforeHistory?.()
    const rows = this.history
      .filter(({id}) => id < (query.beforeId ?? Number.POSITIVE_INFINITY))
      .sort((a, b) => b.id - a.id)
    await this.afterHistory?.()
    query.signal.throwIfAborted()
    return {items: rows.slice(0, query.limit), has_more: rows.length > query.limit}
  }

  async stop(): Promise<void> {
    for (const socket of this.#pending) socket.destroy()
    for (const {socket} of this.clients) socket.terminate()
    if (!this.#http.listening) return
    this.#http.closeAllConnections()
    this.#http.close()
    await once(this.#http, 'close')
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const {refusal, mute} = this.behaviour
    if (mute) {
      this.#pending.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#pending.delete(socket))
      this.#events.emit('muted')
    } else if (refusal !== undefined) {
      const {status, headers = {}, body = ''} = refusal
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n${lines.join('')}\r\n${body}`)
    } else {
      this.#sockets.handleUpgrade(request, socket, head, ws => this.#accept(ws, request.headers))
    }
  }

  #accept(socket: WebSocket, headers: IncomingHttpHeaders): void {
    const client = new StubClient(socket, headers)
    this.clients.push(client)
    socket.on('message', data => {
      const frame = JSON.parse(data.toString()) as Frame
      if (this.behaviour.onFrame?.(client, frame) !== true) this.#answer(client, frame)
      client.record(frame)
    })
    this.#events.emit('client')
  }

  #answer(client: StubClient, {type, data}: Frame): void {
    const {acks, joins} = this.behaviour
    if (type === 'authenticate' && acks) client.send('auth_success', {user_id: 1, username: 'bob'})
    if (type !== 'join_room') return
    client.joined = joins
    if (acks) client.send('room_joined', {room_id: data.room_id, last_message_id: this.newestId})
  }

  get newestId(): number {
    return this.history.reduce((newest, {id}) => Math.max(newest, id), 0)
  }
}

/** The server's side of one connection. */
export class StubClient {
  readonly socket: WebSocket
  readonly headers: IncomingHttpHeaders
  readonly frames: Frame[] = []
  /** The code and reason with which the connection has ended. */
  readonly closed: Promise<{code: number; reason: string}>
  joined = false
  readonly #events = new EventEmitter()

  constructor(socket: WebSocket, headers: IncomingHttpHeaders) {
    this.socket = socket
    this.headers = headers
    socket.on('error', () => {})
    this.closed = new Promise(resolve => {
      socket.on('close', (code, reason) => {
        this.joined = false
        resolve({code, reason: reason.toString()})
      })
    })
  }

  record(frame: Frame): void {
    this.frames.push(frame)
    this.#events.emit('frame')
  }

  /** Resolves once a frame of this type was received. */
  async received(type: string): Promise<Frame> {
    for (;;) {
      const frame = this.frames.find(seen => seen.type === type)
      if (frame !== undefined) return frame
      await once(this.#events, 'frame')
    }
  }

  send(type: string, data: Record<string, unknown>): void {
    this.socket.send(JSON.stringify({type, data}))
  }

  /** A `room_message` frame, in the reference's dialect. */
  message({id, ...rest}: Message, roomId = 15): void {
    this.send('room_message', {message_id: id, ...rest, room_id: roomId, room_name: 'general'})
  }

  /** Cuts the connection without a closing handshake. */
  drop(): void {
    this.socket.terminate()
  }
}

/** A started stub. */
export function startWsStub(options?: {autoPong?: boolean}): Promise<WsStub> {
  return new WsStub(options).start()
}
