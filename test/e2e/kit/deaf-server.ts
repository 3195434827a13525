import {createHash} from 'node:crypto'
import {type RawServer, rawServer} from './servers.js'

const LIVE = `{"type":"room_joined","data":{"room_id":1}}`
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** A chat server that goes live, says nothing more, and never answers a closing handshake. */
export interface DeafServer extends RawServer {
  /** Resolves when a client has sent the frame that begins the closing handshake. */
  readonly closeAsked: Promise<void>
}

/** Starts one. */
export async function deafServer(): Promise<DeafServer> {
  let asked: () => void = () => undefined
  const closeAsked = new Promise<void>(resolve => {
    asked = resolve
  })
  const server = await rawServer(undefined, (data, socket) => {
    const text = data.toString('latin1')
    const key = /^sec-websocket-key: (.+)\r$/im.exec(text)?.[1]
    if (key !== undefined) socket.write(accepted(key) + frame(LIVE), 'latin1')
    else if (text.startsWith('GET ')) socket.write(emptyList())
    // FIN and the opcode of a close.
    else if (data[0] === 0x88) asked()
  })
  return {...server, closeAsked}
}

function accepted(key: string): string {
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64')
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
}

function frame(text: string): string {
  return `\u0081${String.fromCharCode(text.length)}${text}`
}

function emptyList(): string {
  const body = '{"success":true,"data":[]}'
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
