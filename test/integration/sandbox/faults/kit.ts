import {once} from 'node:events'
import {Agent, type IncomingMessage, request} from 'node:http'

import {WebSocket} from 'ws'

import type {Sandbox, SandboxOptions} from '../../../../src/sandbox/index.js'
import {type Client, later, signIn, start, type User} from '../support.js'

/** What came of a REST call over a real socket: an answer, perhaps broken off, or the code of the error. */
export interface Outcome {
  readonly status?: number
  readonly headers?: IncomingMessage['headers']
  readonly body?: string
  /** The headers came, the body broke off. */
  readonly isBroken?: boolean
  readonly error?: string
}

interface CallOptions {
  readonly token?: string
  readonly body?: object
  readonly agent?: Agent
}

/** A server and two of its users, both in the room `general`. */
export interface Stage {
  readonly sandbox: Sandbox
  readonly alice: User
  readonly bob: User
}

export const DIALECTS = ['guide', 'reference'] as const

/** Longer than any test: what lasts so long ends by `clear` or not at all. */
export const ENDLESS_MS = 3_600_000

export async function setStage(options: SandboxOptions = {}): Promise<Stage> {
  const sandbox = await start(options)
  const [alice, bob] = [await signIn(sandbox, 'alice'), await signIn(sandbox, 'bob')]
  return {sandbox, alice, bob}
}

/** `path` as it is sent, with `/api/v1` where that is meant. */
export function exchange(
  {url}: {readonly url: string},
  method: string,
  path: string,
  {token, body, agent = new Agent()}: CallOptions = {},
): Promise<Outcome> {
  return new Promise(resolve => {
    const headers = {
      ...(token === undefined ? {} : {authorization: `Bearer ${token}`}),
      ...(body === undefined ? {} : {'content-type': 'application/json'}),
    }
    const sent = request(`${url}${path}`, {method, headers, agent}, answer => {
      const {statusCode: status = 0, headers} = answer
      let text = ''
      const end = (isBroken: boolean) => resolve({status, headers, body: text, isBroken})
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => end(false)).on('error', () => end(true))
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({error: error.code ?? error.message}))
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** A message to `general` by REST, whatever comes of it. */
export function post({sandbox, alice}: Stage, content: string): Promise<Outcome> {
  return exchange(sandbox, 'POST', '/api/v1/rooms/1/messages', {token: alice.token, body: {content}})
}

/** What the server has of `general`, oldest first. */
export async function stored({sandbox, alice}: Stage): Promise<string[]> {
  const {body = '{}'} = await exchange(sandbox, 'GET', '/api/v1/rooms/1/messages', {token: alice.token})
  const {data} = JSON.parse(body) as {data: {messages?: {content: string}[]} & {content: string}[]}
  return (data.messages ?? data).map(({content}) => content).reverse()
}

/** Posts these by REST and returns what each of the sockets has of them then, by its own fence. */
export async function heard(
  stage: Stage,
  contents: readonly string[],
  ...clients: Client[]
): Promise<string[][]> {
  for (const content of contents) await post(stage, content)
  return Promise.all(clients.map(contentsOf))
}

/** The contents of the messages that a socket has been sent until now. */
export async function contentsOf(client: Client): Promise<string[]> {
  const frames = await client.drain()
  return frames.filter(({type}) => type === 'room_message').map(({data}) => String(data.content))
}

/** A socket whose frames are kept as they came. */
export async function rawSocket({sandbox, alice}: Stage) {
  const socket = new WebSocket(`${sandbox.url.replace('http', 'ws')}/ws`)
  later(() => socket.terminate())
  const frames: {text: string; isBinary: boolean}[] = []
  socket.on('message', (data, isBinary) => frames.push({text: String(data), isBinary}))
  // Broken UTF-8 is an error to ws, and then the end.
  socket.on('error', () => {})
  await once(socket, 'open')
  for (const [type, data] of [
    ['authenticate', {token: alice.token}],
    ['join_room', {room_id: 1}],
  ]) {
    socket.send(JSON.stringify({type, data}))
  }
  await fence(socket)
  frames.length = 0
  return {socket, frames}
}

/** Resolves when the server has read all that was sent and all that it sent is here. */
export async function fence(socket: WebSocket): Promise<void> {
  const pong = once(socket, 'pong')
  socket.ping()
  await pong
}

/** Calls until the server can be reached again. */
export async function untilUp(sandbox: {readonly url: string}): Promise<void> {
  while ((await exchange(sandbox, 'GET', '/health')).error !== undefined);
}
