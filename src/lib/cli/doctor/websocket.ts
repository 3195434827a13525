import {VezaError} from '../../errors/veza-error.js'
import {type Connection, openConnection} from '../../realtime/connection/connection.js'
import {encodeFrame} from '../../realtime/connection/frames.js'
import {refusalOf} from '../../realtime/connection/session.js'
import type {Context} from '../context.js'
import type {Network} from '../network.js'
import {bearerOf} from '../session-actions.js'
import {ok, type Verdict} from './check.js'

/** What of a run the check needs. */
type Session = Pick<Context, 'settings' | 'tokens'> & {readonly network: Pick<Network, 'agentFor'>}

/**
 * A WebSocket as the session: open, `authenticate`, and a ping that is answered (section 5 of the contract).
 * @throws {VezaError} as `openConnection`, `signed_out` where the server refuses the session, `unreachable` where it
 * closes the connection.
 */
export async function checkWebSocket(context: Session, signal: AbortSignal): Promise<Verdict> {
  const {server, wsPath} = context.settings
  const url = `${server.replace(/^http/, 'ws')}${wsPath}`
  const startMs = performance.now()
  const headers = await context.tokens.headers(signal)
  const connection = await openConnection({
    url,
    headers,
    signal,
    agent: await context.network.agentFor(new URL(url)),
  })
  try {
    await authenticated(connection, bearerOf(headers), signal)
    return ok(`authenticated, a ping answered, ${Math.round(performance.now() - startMs)} ms`)
  } finally {
    await connection.close()
  }
}

/** Frames are handled in order: the pong to a ping behind `authenticate` says that no refusal has come. */
function authenticated(
  connection: Connection,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), {once: true})
    connection.listen({
      frame: frame => {
        const refusal = refusalOf(frame, () => false, true)
        if (refusal !== undefined) reject(refusal)
      },
      malformed: problem => reject(new VezaError('not_protocol', `the WebSocket brought ${problem}`)),
      pong: () => resolve(),
      closed: ({code, error}) =>
        reject(error ?? new VezaError('unreachable', `the server closed the WebSocket with ${code}`)),
    })
    if (token !== undefined) connection.send(encodeFrame('authenticate', {token}))
    connection.ping('doctor')
  })
}
