import {once} from 'node:events'

import {afterEach} from 'vitest'
import {WebSocket} from 'ws'

import {type Sandbox, type SandboxOptions, startSandbox} from '../../../src/sandbox/index.js'

/** Whatever came back; tests compare it, they do not compute with it. */
export interface Json {
  readonly [field: string]: Json
}

export interface Reply {
  status: number
  headers: Headers
  /** The whole body. */
  body: Json
  /** What is in the envelope. */
  data: Json
  error: Json
}

const cleanups: (() => Promise<unknown> | unknown)[] = []

/** Registers work for after the test, done in reverse order. */
export function later(work: () => Promise<unknown> | unknown): void {
  cleanups.push(work)
}

afterEach(async () => {
  for (const work of cleanups.splice(0).reverse()) await work()
})

export async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options)
  later(() => sandbox.close())
  return sandbox
}

export async function call(
  sandbox: {url: string},
  method: string,
  path: string,
  options: {token?: string | undefined; body?: unknown; headers?: Record<string, string>} = {},
): Promise<Reply> {
  const headers: Record<string, string> = {...options.headers}
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`
  let body: string | FormData | null = null
  if (options.body instanceof FormData) {
    body = options.body
  } else if (options.body !== undefined) {
    headers['content-type'] = 'application/json'
    body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body)
  }
  const response = await fetch(`${sandbox.url}/api/v1${path}`, {method, headers, body})
  const text = await response.text()
  const json = text === '' ? {} : JSON.parse(text)
  return {status: response.status, headers: response.headers, body: json, data: json.data, error: json.error}
}

/** A user who is signed in. */
export interface User {
  token: string
  get(path: string): Promise<Reply>
  post(path: string, body?: unknown): Promise<Reply>
  put(path: string, body: unknown): Promise<Reply>
  delete(path: string): Promise<Reply>
}

export async function signIn(sandbox: {url: string}, username: string): Promise<User> {
  const reply = await call(sandbox, 'POST', '/auth/login', {body: {username, password: `${username}-pass`}})
  const token = String((reply.data ?? reply.body).access_token)
  return {
    token,
    get: path => call(sandbox, 'GET', path, {token}),
    post: (path, body) => call(sandbox, 'POST', path, {token, body}),
    put: (path, body) => call(sandbox, 'PUT', path, {token, body}),
    delete: path => call(sandbox, 'DELETE', path, {token}),
  }
}

export interface Frame {
  readonly type: string
  readonly data: Json
}

/** A socket that keeps what it receives, to be asked for in order. */
export class Client {
  readonly #frames: Frame[] = []
  #wake: () => void = () => {}
  closed: {code: number} | undefined

  constructor(readonly socket: WebSocket) {
    socket.on('message', raw => {
      this.#frames.push(JSON.parse(String(raw)))
      this.#wake()
    })
    socket.on('close', code => {
      this.closed = {code}
      this.#wake()
    })
  }

  send(type: string, data: object = {}): void {
    this.socket.send(JSON.stringify({type, data}))
  }

  /** The data of the next frame, which must be of this type. */
  async next(type: string): Promise<Json> {
    while (this.#frames.length === 0) {
      if (this.closed) throw new Error(`closed with ${this.closed.code} before ${type}`)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    const frame = this.#frames.shift()
    if (frame?.type !== type) throw new Error(`expected ${type}, got ${JSON.stringify(frame)}`)
    return frame.data
  }

  /** Every frame that the server had sent when it answered this ping, without the pong. */
  async drain(): Promise<Frame[]> {
    const mark = Math.random()
    this.send('ping', {timestamp: mark})
    for (;;) {
      const at = this.#frames.findIndex(
        frame => frame.type === 'pong' && Object.is(frame.data.timestamp, mark),
      )
      if (at >= 0) return this.#frames.splice(0, at + 1).slice(0, -1)
      if (this.closed) throw new Error(`closed with ${this.closed.code}`)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  async close(): Promise<number> {
    while (!this.closed) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    return this.closed.code
  }
}

export async function connect(sandbox: {url: string}, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(`${sandbox.url.replace('http', 'ws')}/ws`, {headers})
  const client = new Client(socket)
  later(() => socket.terminate())
  await once(socket, 'open')
  return client
}

/** A socket that is signed in and has joined the rooms; the acknowledgements are taken off. */
export async function online(sandbox: {url: string}, user: User, ...rooms: number[]): Promise<Client> {
  const client = await connect(sandbox)
  client.send('authenticate', {token: user.token})
  for (const room_id of rooms) client.send('join_room', {room_id})
  await client.drain()
  return client
}
