import {once} from 'node:events'
import {setTimeout as sleep} from 'node:timers/promises'
import {WebSocket} from 'ws'
import {Refused, Rest} from './rest.js'

/** One message to be sent. */
export interface Outgoing {
  readonly roomId: number
  readonly content: string
}

/**
 * Sends by one of the two ways. Whether the server has stored a message is not its business: faults make that
 * unknowable here, so whoever wants to know asks the server. Some it will have twice, and some not.
 */
export interface Sender {
  /** Sends these in order. Tries again what has clearly failed, until `isOver`. Never rejects. */
  send(messages: readonly Outgoing[], isOver: () => boolean): Promise<void>
  close(): void
}

const ANSWER_MS = 1_000
const AGAIN_MS = 5

/** A token that is got when it is needed and thrown away when the server refuses it. */
class Login {
  #token: string | undefined

  constructor(
    readonly rest: Rest,
    readonly username: string,
  ) {}

  async token(): Promise<string> {
    this.#token ??= await this.rest.signIn(this.username)
    return this.#token
  }

  forget(): void {
    this.#token = undefined
  }
}

/** `POST /rooms/{id}/messages`, one at a time. */
export function restSender(url: string, username: string): Sender {
  const rest = new Rest(url, ANSWER_MS)
  const login = new Login(rest, username)
  const post = async ({roomId, content}: Outgoing): Promise<boolean> => {
    try {
      await rest.call('POST', `/rooms/${roomId}/messages`, await login.token(), {content})
      return true
    } catch (error) {
      if (error instanceof Refused && error.status === 401) login.forget()
      return false
    }
  }
  return {
    send: async (messages, isOver) => {
      for (const message of messages) await repeat(() => post(message), isOver)
    },
    close: () => rest.close(),
  }
}

/** `send_message` frames in one go, then a ping as a fence; a connection that breaks is replaced. */
export function socketSender(url: string, username: string): Sender {
  const rest = new Rest(url, ANSWER_MS)
  const login = new Login(rest, username)
  let socket: WebSocket | undefined
  const drop = (): void => {
    socket?.terminate()
    socket = undefined
  }
  const open = async (): Promise<WebSocket> => {
    if (socket?.readyState === WebSocket.OPEN) return socket
    drop()
    const token = await login.token()
    const fresh = new WebSocket(`${url.replace('http', 'ws')}/ws`, {perMessageDeflate: false})
    socket = fresh
    fresh.on('error', () => {})
    fresh.on('message', data => {
      // Acknowledgements are not read: a server may send none. A refused token is.
      if (/"(auth_error|INVALID_TOKEN)"/.test(String(data).slice(0, 100))) login.forget()
    })
    await within(signal => once(fresh, 'open', {signal}))
    fresh.send(JSON.stringify({type: 'authenticate', data: {token}}))
    return fresh
  }
  const isOpen = (): Promise<boolean> =>
    open().then(
      () => true,
      () => false,
    )
  return {
    send: async (messages, isOver) => {
      await repeat(isOpen, isOver)
      if (socket === undefined) return
      await sendAll(socket, messages).catch(drop)
    },
    close: () => {
      drop()
      rest.close()
    },
  }
}

async function repeat(attempt: () => Promise<boolean>, isOver: () => boolean): Promise<void> {
  while (!(await attempt()) && !isOver()) await sleep(AGAIN_MS)
}

async function sendAll(socket: WebSocket, messages: readonly Outgoing[]): Promise<void> {
  for (const {roomId, content} of messages) {
    socket.send(JSON.stringify({type: 'send_message', data: {room_id: roomId, content}}), () => {})
  }
  socket.ping()
  await within(signal => Promise.race([once(socket, 'pong', {signal}), once(socket, 'close', {signal})]))
}

/** Rejects when it takes too long; whatever the end, nothing is listened to any more. */
async function within(wait: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const end = new AbortController()
  const timer = setTimeout(() => end.abort(), ANSWER_MS)
  try {
    await wait(end.signal)
  } finally {
    clearTimeout(timer)
    end.abort()
  }
}
