import {once} from 'node:events'
import {type AddressInfo, createServer, type Socket} from 'node:net'
import {onTestFinished} from 'vitest'

/** A TCP server of a test, and who is connected to it. */
export interface RawServer {
  readonly port: number
  readonly url: string
  /** How many have connected so far. */
  count(): number
  /** Resolves with the first data of the next connection that sends any. */
  readonly firstData: Promise<string>
  /** Resolves when everyone who has connected is gone. */
  allClosed(): Promise<void>
}

/** Starts a TCP server on a free port of loopback; `onData` gets each chunk. It is closed when the test ends. */
export async function rawServer(
  onConnection: (socket: Socket) => void = () => undefined,
  onData: (data: Buffer, socket: Socket) => void = () => undefined,
): Promise<RawServer> {
  const open = new Set<Socket>()
  let arrived = 0
  let announce: (text: string) => void = () => undefined
  const firstData = new Promise<string>(resolve => {
    announce = resolve
  })
  const server = createServer(socket => {
    arrived += 1
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => undefined)
    socket.on('data', data => {
      announce(data.toString('latin1'))
      onData(data, socket)
    })
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  const {port} = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    count: () => arrived,
    firstData,
    allClosed: async () => {
      await Promise.all([...open].map(socket => once(socket.resume(), 'close')))
    },
  }
}

/** A token that says it is good for an hour; nobody checks its signature but a server. */
export const LONG_TOKEN = [
  Buffer.from('{"alg":"HS256"}').toString('base64url'),
  Buffer.from(JSON.stringify({sub: '2', exp: Math.floor(Date.now() / 1000) + 3600})).toString('base64url'),
  'signature-of-nobody',
].join('.')
