import type {ClientRequest} from 'node:http'
import type {Socket} from 'node:net'

const guarded = new WeakSet<Socket>()

type WriteCallback = (error?: Error | null) => void

/**
 * Lets an answer through that a server sent while we were still sending. A server that refuses an upload early (413)
 * answers and closes; our next write then fails, and Node drops the connection with the answer unread in it. So a write that
 * failed for this is kept quiet and nothing more is written: reading goes on and ends with the answer, or with the true error.
 */
export function keepReadingAfterFailedWrite(request: ClientRequest): void {
  request.once('socket', (socket: Socket) => {
    // A connection that is kept serves more than one request.
    if (guarded.has(socket)) return
    guarded.add(socket)
    const write = socket._write.bind(socket)
    const writev = socket._writev?.bind(socket)
    socket._write = (chunk, encoding, done) => write(chunk, encoding, unlessClosed(done))
    if (writev) socket._writev = (chunks, done) => writev(chunks, unlessClosed(done))
  })
}

const CLOSED_BY_PEER: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED'])

function unlessClosed(done: WriteCallback): WriteCallback {
  return error => {
    if (error && 'code' in error && CLOSED_BY_PEER.has(error.code)) return
    done(error)
  }
}
