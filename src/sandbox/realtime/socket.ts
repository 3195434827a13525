import type {FastifyRequest} from 'fastify'
import type {WebSocket} from 'ws'

import {type App, timestamp} from '../app.js'
import {mayUse} from '../domain/api-keys.js'
import {authenticate} from '../domain/sessions.js'
import {denied, invalid, invalidToken, SandboxError, toSandboxError} from '../errors.js'
import {asFields, type Fields, requiredText} from '../input.js'
import {credentialOf} from '../routes/credential.js'
import {touchUser} from '../store/users.js'
import {Connection} from './connection.js'
import {HANDLERS, READS} from './handlers.js'

const CLOSE_POLICY = 1008

/** Section 5: serves one socket until it closes. Everything is synchronous, so frames are answered in their order. */
export function serveSocket(app: App, socket: WebSocket, request: FastifyRequest): void {
  const connection = new Connection(socket, request.raw.socket, app.tally)
  app.hub.sockets.add(connection)
  app.tally.connections += 1
  const credential = credentialOf(request.headers)
  if (credential !== undefined) signIn(app, connection, credential, request.ip)
  socket.on('message', (payload, isBinary) => {
    // What still arrives after the server has begun to close is of no account.
    if (socket.readyState !== socket.OPEN) return
    app.tally.framesReceived += 1
    try {
      const frame = readFrame(String(payload), isBinary)
      if (frame.type === 'authenticate') greet(app, connection, frame.data, request.ip)
      else handleFrame(app, connection, frame)
    } catch (error) {
      refuse(connection, 'error', toSandboxError(error))
    }
    connection.throttle()
  })
  socket.on('ping', payload => connection.pong(payload))
  socket.on('close', () => farewell(app, connection))
}

interface InputFrame {
  readonly type: string
  readonly data: Fields
}

function readFrame(text: string, isBinary: boolean): InputFrame {
  if (isBinary) throw invalid('frame', 'must be text')
  const fields = asFields(parse(text), 'frame')
  return {type: requiredText(fields, 'type', 100), data: asFields(fields.data, 'data')}
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('frame', 'must be JSON')
  }
}

function handleFrame(app: App, connection: Connection, frame: InputFrame): void {
  if (!connection.actor) {
    reject(app, connection, invalidToken('The first frame must be authenticate'))
    return
  }
  const handler = HANDLERS.get(frame.type)
  if (!handler) {
    throw new SandboxError(400, 'UNKNOWN_MESSAGE_TYPE', 'There is no such frame', {type: frame.type})
  }
  if (!mayUse(connection.actor, READS.has(frame.type) ? 'read' : 'write')) {
    throw denied('The API key does not permit this')
  }
  handler({app, connection, actor: connection.actor, data: frame.data})
}

function greet(app: App, connection: Connection, data: Fields, ip: string): void {
  try {
    signIn(app, connection, requiredText(data, 'token', 10_000), ip)
  } catch (error) {
    reject(app, connection, toSandboxError(error))
  }
}

function signIn(app: App, connection: Connection, credential: string, ip: string): void {
  const actor = authenticate(app, credential, ip)
  if (connection.actor && connection.actor.id !== actor.id) throw invalidToken('The token is of another user')
  connection.actor = actor
  app.hub.add(connection)
  if (!app.dialect.acknowledges) return
  connection.send('auth_success', {
    user_id: actor.id,
    username: actor.username,
    role: actor.role,
    session_id: connection.sessionId,
    server_time: timestamp(app),
  })
}

function reject(app: App, connection: Connection, error: SandboxError): void {
  refuse(connection, app.dialect.acknowledges ? 'auth_error' : 'error', error)
  connection.close(CLOSE_POLICY, error.code)
}

function refuse(connection: Connection, type: string, error: SandboxError): void {
  connection.send(type, {
    code: error.code,
    message: error.message,
    severity: error.status >= 500 ? 'critical' : 'error',
    retry_after: error.details.retry_after ?? null,
    details: error.details,
  })
}

function farewell(app: App, connection: Connection): void {
  app.hub.sockets.delete(connection)
  if (!connection.actor) return
  const {id} = connection.actor
  if (app.hub.remove(connection)) touchUser(app.db, id, timestamp(app))
}
