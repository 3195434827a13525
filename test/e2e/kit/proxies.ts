import {once} from 'node:events'
import {createServer, request} from 'node:http'
import {type AddressInfo, connect, type Server, type Socket} from 'node:net'
import {createServer as createTlsServer} from 'node:tls'
import {onTestFinished} from 'vitest'
import {CERT, KEY} from '../../unit/http/tls-fixture.js'

/** An HTTP proxy of a test. */
export interface Proxy {
  readonly url: string
  /** What it was asked for: a host with its port, or an address. */
  readonly asked: readonly string[]
  /** The credentials it was given, decoded. */
  readonly credentials: readonly string[]
}

/** Starts an HTTP proxy that takes both, tunnels and addresses in full. */
export async function httpProxy(): Promise<Proxy> {
  const asked: string[] = []
  const credentials: string[] = []
  const server = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '')
    const {method, headers} = incoming
    const onward = request(incoming.url ?? '', {method, headers}, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  })
  server.on('connect', (incoming, client: Socket, head: Buffer) => {
    asked.push(incoming.url ?? '')
    const given = incoming.headers['proxy-authorization']?.split(' ')[1]
    if (given !== undefined) credentials.push(Buffer.from(given, 'base64').toString())
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    join(client, incoming.url?.split(':')[1] ?? '', head)
  })
  return {url: `http://127.0.0.1:${await listen(server)}`, asked, credentials}
}

/** Starts a TLS server with a certificate of its own that passes everything on to a server on this machine. */
export async function tlsFront(url: string): Promise<string> {
  const server = createTlsServer({cert: CERT, key: KEY}, client => join(client, new URL(url).port))
  return `https://127.0.0.1:${await listen(server)}`
}

function join(client: Socket, port: string, head?: Buffer): void {
  const onward = connect(Number(port), '127.0.0.1')
  if (head !== undefined && head.length > 0) onward.write(head)
  client.on('error', () => onward.destroy()).pipe(onward)
  onward.on('error', () => client.destroy()).pipe(client)
}

async function listen(server: Server): Promise<number> {
  const open = new Set<Socket>()
  server.on('connection', socket => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
