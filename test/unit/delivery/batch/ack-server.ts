import type {Message} from '../../../../src/contract/resources.js'
import {type BatchOptions, sendBatch} from '../../../../src/lib/delivery/batch/send-batch.js'
import type {BatchResult} from '../../../../src/lib/delivery/batch/types.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {Connection, ConnectionListener} from '../../../../src/lib/realtime/connection/connection.js'
import {systemTimers, type Timers} from '../../../../src/lib/realtime/connection/heartbeat.js'
import type {Dialled} from '../../../../src/lib/realtime/feed/feed-types.js'

/** What happens to a message that comes as a frame; to all others nothing does. */
export type Fate =
  /** The connection breaks before it is stored, or after, without an acknowledgement. */
  | 'cut_before'
  | 'cut_after'
  /** The connection breaks; the message is stored after the next look at history. */
  | 'cut_slow'
  /** An error frame; over REST it is refused, too. */
  | 'refused'
  /** An error frame; over REST it is taken. */
  | 'limited'

/** How the server is. */
export interface AckServerOptions {
  /** By the text of a message. Each strikes once, but for `refused`. */
  readonly fates?: ReadonlyMap<string, Fate>
  /** Whether it says `auth_success`. */
  readonly greets?: boolean
  /** Whether acknowledgements carry the metadata. */
  readonly keepsMetadata?: boolean
  /** Whether the room has to be joined before it takes messages there. */
  readonly wantsJoin?: boolean
  /** How many connections are refused at first. */
  readonly refusals?: number
}

const ROOM = 15
const ME = 7

/** Short waits are over at once, long ones never: nothing here takes so long. */
const SOON: Timers = {
  ...systemTimers,
  setTimer: (callback, delayMs) => {
    const timer = delayMs < 1_000 ? setImmediate(callback) : undefined
    return () => clearImmediate(timer)
  },
}

/** A server in memory that acknowledges messages and, worse than the contract, drops no repeat. */
export class AckServer {
  readonly messages: Message[] = []
  /** Frames of messages that came. */
  frames = 0
  /** Messages that came over REST. */
  posts = 0
  connections = 0
  readonly #fates: Map<string, Fate>
  readonly #options: AckServerOptions
  #late: () => void = () => undefined

  constructor(options: AckServerOptions = {}) {
    this.#options = options
    this.#fates = new Map(options.fates)
  }

  get contents(): string[] {
    return this.messages.map(({content}) => content)
  }

  /** Sends lines as a batch would, and returns what became of them. */
  async send(lines: readonly string[], more: Partial<BatchOptions> = {}) {
    const results: BatchResult[] = []
    const records = lines.map((content, at) => ({index: at + 1, line: at + 1, content}))
    const effects = {now: () => 0, random: () => 0.5, sleep: async () => undefined}
    const end = await sendBatch({
      place: {kind: 'room', id: ROOM},
      input: (async function* () {
        yield records
      })(),
      journal: undefined,
      keepsGoing: false,
      show: shown => void results.push(...shown),
      delivery: {port: this.port, retries: 3, effects},
      sendKeyed: async () => Promise.reject(new Error('no key was given')),
      read: query => this.page(query),
      pipeline: {
        connect: () => this.connect(),
        maxReconnects: 3,
        effects,
        timers: SOON,
        onEvent: () => undefined,
      },
      isUnlimited: () => true,
      signal: new AbortController().signal,
      ...more,
    })
    return {...end, results}
  }

  readonly port: BatchOptions['delivery']['port'] = {
    send: async ({content, clientId}) => {
      this.posts += 1
      if (this.#fates.get(content) === 'refused') throw new VezaError('refused', 'no')
      return this.#store(content, clientId)
    },
    edit: async () => Promise.reject(new Error('nothing is edited')),
    page: async (_place, query) => this.page(query),
    me: async () => ME,
  }

  async page({
    limit,
    beforeId = Number.POSITIVE_INFINITY,
  }: {
    readonly limit: number
    readonly beforeId?: number
  }) {
    const older = this.messages.filter(({id}) => id < beforeId).reverse()
    this.#late()
    this.#late = () => undefined
    return {items: older.slice(0, limit), has_more: older.length > limit}
  }

  async connect(): Promise<Dialled> {
    this.connections += 1
    if (this.connections <= (this.#options.refusals ?? 0))
      throw new VezaError('not_found', 'no WebSocket here')
    return {connection: new AckConnection((text, answer) => this.#handle(text, answer)), token: 'token'}
  }

  /** Whether the connection lives on. */
  #handle(text: string, {send, state}: Answer): boolean {
    const {greets = true, wantsJoin = false} = this.#options
    const {type, data} = JSON.parse(text)
    if (type === 'authenticate' && greets) send('auth_success', {user_id: ME})
    if (type === 'join_room') state.joined = true
    if (type !== 'send_message') return true
    this.frames += 1
    const {content, metadata} = data
    const fate = this.#fates.get(content)
    if (wantsJoin && !state.joined) send('error', {code: 'PERMISSION_DENIED'})
    else if (fate === 'refused') send('error', {code: 'MESSAGE_TOO_LONG'})
    else if (fate === 'limited') send('error', {code: 'RATE_LIMIT_EXCEEDED'})
    else return this.#take(content, metadata, send)
    return true
  }

  #take(content: string, metadata: {client_id: string}, send: Answer['send']): boolean {
    const fate = this.#fates.get(content)
    this.#fates.delete(content)
    if (fate === 'cut_before') return false
    if (fate === 'cut_slow') {
      this.#late = () => void this.#store(content, metadata.client_id)
      return false
    }
    const {id} = this.#store(content, metadata.client_id)
    if (fate === 'cut_after') return false
    send('message_sent', {message_id: id, ...(this.#options.keepsMetadata === false ? {} : {metadata})})
    return true
  }

  #store(content: string, clientId: string): Message {
    const metadata = this.#options.keepsMetadata === false ? {} : {client_id: clientId}
    const message = {id: this.messages.length + 101, author_id: ME, content, metadata}
    this.messages.push(message)
    return message
  }
}

interface Answer {
  readonly send: (type: string, data: Readonly<Record<string, unknown>>) => void
  readonly state: {joined: boolean}
}

/** Handles what is sent in order, each in a turn of its own; after a cut nothing more. */
class AckConnection implements Connection {
  readonly #handle: (text: string, answer: Answer) => boolean
  readonly #state = {joined: false}
  #listener: ConnectionListener | undefined
  #work = Promise.resolve()
  #open = true

  constructor(handle: (text: string, answer: Answer) => boolean) {
    this.#handle = handle
  }

  listen(listener: ConnectionListener): void {
    this.#listener = listener
  }

  send(...texts: readonly string[]): void {
    for (const text of texts) this.#later(() => this.#receive(text))
  }

  ping(payload: string): void {
    this.#later(() => this.#listener?.pong(payload))
  }

  pause(): void {}

  resume(): void {}

  async close(): Promise<void> {
    this.#listener = undefined
    this.#open = false
  }

  #receive(text: string): void {
    const send = (type: string, data: Readonly<Record<string, unknown>>): void =>
      this.#listener?.frame({type, data})
    if (this.#handle(text, {send, state: this.#state})) return
    this.#open = false
    this.#listener?.closed({code: 1006, reason: ''})
  }

  #later(act: () => void): void {
    this.#work = this.#work.then(() => {
      if (this.#open) act()
    })
  }
}
