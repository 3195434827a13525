import multipart from '@fastify/multipart'
import websocket from '@fastify/websocket'
import fastify, {type FastifyInstance, type FastifyReply, type FastifyRequest} from 'fastify'

import {type App, timestamp} from './app.js'
import {authenticate} from './domain/sessions.js'
import {SandboxError, toSandboxError} from './errors.js'
import {addCallFaults} from './faults/calls.js'
import {addControlRoutes} from './faults/control.js'
import {RateLimitError, rateHeaders} from './limits.js'
import {serveSocket} from './realtime/socket.js'
import {authRoutes, registerSignIn} from './routes/auth.js'
import {conversationRoutes} from './routes/conversations.js'
import {credentialOf} from './routes/credential.js'
import {register} from './routes/dispatch.js'
import {fileRoutes} from './routes/files.js'
import {messageRoutes} from './routes/messages.js'
import {roomRoutes} from './routes/rooms.js'
import {userRoutes} from './routes/users.js'
import {webhookRoutes} from './routes/webhooks.js'

const FRAME_MAX_BYTES = 1024 * 1024
const CLOSE_GOING_AWAY = 1001
const CLOSE_GRACE_MS = 1_000
const EMOJI_PATH_MAX = 1_000

const ROUTES = [
  ...authRoutes,
  ...roomRoutes,
  ...messageRoutes,
  ...conversationRoutes,
  ...fileRoutes,
  ...userRoutes,
  ...webhookRoutes,
]

/** The HTTP server with every route of the contract; a `Door` is to listen for it. */
export async function buildServer(app: App): Promise<FastifyInstance> {
  const server = fastify({
    logger: false,
    routerOptions: {maxParamLength: EMOJI_PATH_MAX},
  })
  parseJsonBodies(server)
  await server.register(multipart, {limits: {fileSize: app.maxUploadBytes, files: 1}})
  await server.register(websocket, {
    options: {maxPayload: FRAME_MAX_BYTES, perMessageDeflate: false, autoPong: false},
    errorHandler: (_error, socket) => socket.terminate(),
    preClose: closeSockets(server),
  })
  server.setErrorHandler((error, request, reply) => fail(app, request, reply, toSandboxError(error)))
  server.setNotFoundHandler((request, reply) =>
    fail(app, request, reply, new SandboxError(404, 'NOT_FOUND', 'There is no such route')),
  )
  addCallFaults(server, app)
  server.addHook('onResponse', async ({method}, {statusCode}) => app.tally.answered(method, statusCode))
  registerRoutes(server, app)
  return server
}

function registerRoutes(server: FastifyInstance, app: App): void {
  if (app.isControlled) addControlRoutes(server, app.faults)
  server.get('/health', () => ({status: 'ok', time: timestamp(app)}))
  server.route({
    method: 'GET',
    url: '/ws',
    preValidation: async request => {
      const credential = credentialOf(request.headers)
      if (credential !== undefined) authenticate(app, credential, request.ip)
    },
    handler: () => {
      throw new SandboxError(400, 'VALIDATION_FAILED', 'This address takes WebSocket connections only')
    },
    wsHandler: (socket, request) => serveSocket(app, socket, request),
  })
  server.register(
    async api => {
      registerSignIn(api, app)
      for (const route of ROUTES) register(api, app, route)
    },
    {prefix: '/api/v1'},
  )
}

// An empty body counts as none, whatever its type says: clients send the type with every POST and DELETE.
function parseJsonBodies(server: FastifyInstance): void {
  server.removeContentTypeParser('application/json')
  server.addContentTypeParser('application/json', {parseAs: 'string'}, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(String(body)))
    } catch {
      done(new SandboxError(400, 'VALIDATION_FAILED', 'The body is not JSON'))
    }
  })
}

function fail(app: App, request: FastifyRequest, reply: FastifyReply, error: SandboxError): FastifyReply {
  if (error instanceof RateLimitError) {
    reply.headers({...rateHeaders(error.allowance), 'retry-after': error.retryAfterSeconds})
  }
  return reply.code(error.status).send(app.dialect.failure(error, timestamp(app), request.id))
}

// Whoever does not answer the close frame in time is cut off, or the server would wait for him.
function closeSockets(server: FastifyInstance) {
  return (done: () => void): void => {
    const sockets = [...server.websocketServer.clients]
    for (const socket of sockets) socket.close(CLOSE_GOING_AWAY, 'the server is closing')
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.terminate()
    }, CLOSE_GRACE_MS)
    // Only when the last socket is gone may the database close: each of them still writes when it was last seen.
    server.websocketServer.close(() => {
      clearTimeout(timer)
      done()
    })
  }
}
