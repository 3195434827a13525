import {once} from 'node:events'
import {createServer, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {Duplex} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {WebSocket, WebSocketServer} from 'ws'
import {type ContractCall, FRAME_CALLS, REST_CALLS} from '../../src/contract/calls.js'

/** A recorder in front of a server. */
export interface Recorder {
  readonly url: string
  /** The rows of the contract that the server has received since the last call, in order, and forgets them. */
  take(): ContractCall[]
  close(): Promise<void>
}

const PREFIX = '/api/v1'
/** Each row with what its requests look like; `{id}` is one segment of a path. */
const ROWS = REST_CALLS.map(row => {
  const [method = '', path = ''] = row.split(' ')
  const pattern = path.replaceAll(/\{\w+\}/g, '[^/]+')
  return {row, method, pattern: new RegExp(`^${PREFIX}${pattern}$`)}
})

/**
 * Starts a proxy on a free port that passes everything on, bytes and frames as they are, and notes what the client of a
 * server has really sent it.
 */
export async function startRecorder(target: string): Promise<Recorder> {
  const {hostname, port} = new URL(target)
  const seen: ContractCall[] = []
  const sockets = new WebSocketServer({noServer: true, perMessageDeflate: false})
  const server = createServer((incoming, response) => {
    note(seen, incoming)
    const {method, url: path, headers} = incoming
    const outgoing = httpRequest({hostname, port, method, path, headers, agent: false}, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      pipeline(answer, response).catch(() => undefined)
    })
    outgoing.on('error', () => void response.destroy())
    pipeline(incoming, outgoing).catch(() => undefined)
  })
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const upstream = new WebSocket(`ws://${hostname}:${port}${incoming.url}`, {
      headers: forwarded(incoming.headers),
      perMessageDeflate: false,
    })
    upstream.on('unexpected-response', (_request, answer) => {
      socket.end(`HTTP/1.1 ${answer.statusCode} Refused\r\nConnection: close\r\n\r\n`)
    })
    upstream.on('error', () => void socket.destroy())
    upstream.on('open', () =>
      sockets.handleUpgrade(incoming, socket, head, client => relay(client, upstream, seen)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => seen.splice(0),
    async close() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function note(seen: ContractCall[], {method, url = ''}: IncomingMessage): void {
  const path = url.replace(/\?.*$/s, '')
  // `/users/me` is a row of its own beside `/users/{id}`: the first that fits is the more exact one.
  const found = ROWS.find(row => row.method === method && row.pattern.test(path))
  if (found !== undefined) seen.push(found.row)
}

function relay(client: WebSocket, upstream: WebSocket, seen: ContractCall[]): void {
  client.on('message', (data, isBinary) => {
    const {type} = JSON.parse(data.toString()) as {type?: string}
    const row = FRAME_CALLS.find(name => name === type)
    if (row !== undefined) seen.push(row)
    upstream.send(data, {binary: isBinary})
  })
  upstream.on('message', (data, isBinary) => client.send(data, {binary: isBinary}))
  client.on('close', code => upstream.close(closable(code)))
  upstream.on('close', code => client.close(closable(code)))
  for (const side of [client, upstream]) side.on('error', () => side.terminate())
}

/** Codes that only say how a connection was lost cannot be sent. */
function closable(code: number): number {
  return code === 1005 || code === 1006 ? 1000 : code
}

function forwarded({authorization, 'x-api-key': key}: IncomingHttpHeaders): Record<string, string> {
  return {
    ...(authorization === undefined ? {} : {authorization}),
    ...(typeof key === 'string' ? {'x-api-key': key} : {}),
  }
}
