import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify'

import type {Actor, App} from '../app.js'
import {mayUse} from '../domain/api-keys.js'
import {authenticate} from '../domain/sessions.js'
import {denied, invalidToken} from '../errors.js'
import {asFields} from '../input.js'
import {rateHeaders} from '../limits.js'
import {credentialOf} from './credential.js'
import type {Answer, Call, Route} from './route.js'

/** Adds a row of section 4. Every such request passes through `admit`, every answer through `reply`. */
export function register(server: FastifyInstance, app: App, route: Route): void {
  const actors = new WeakMap<FastifyRequest, Actor>()
  server.route({
    method: route.method,
    url: route.path,
    onRequest: async (request, reply) => {
      actors.set(request, admit(app, route, request, reply))
    },
    handler: async (request, reply) => {
      const actor = actors.get(request)
      if (!actor) throw invalidToken('Nobody is signed in')
      return answer(app, reply, await route.handle(callOf(app, actor, request)))
    },
  })
}

function admit(app: App, route: Route, request: FastifyRequest, reply: FastifyReply): Actor {
  const credential = credentialOf(request.headers)
  if (credential === undefined) throw invalidToken('A token is missing')
  const actor = authenticate(app, credential, request.ip)
  if (!mayUse(actor, route.method === 'GET' ? 'read' : 'write'))
    throw denied('The API key does not permit this')
  limit(app, actor, reply, 'request')
  if (route.isMessage) limit(app, actor, reply, 'message')
  return actor
}

function limit(app: App, actor: Actor, reply: FastifyReply, rule: 'request' | 'message'): void {
  const allowance = app.limiter?.take(rule, actor.id)
  if (allowance) reply.headers(rateHeaders(allowance))
}

function callOf(app: App, actor: Actor, request: FastifyRequest): Call {
  return {
    app,
    actor,
    request,
    params: asFields(request.params, 'path'),
    query: asFields(request.query, 'query'),
    body: asFields(request.body),
  }
}

function answer(app: App, reply: FastifyReply, result: Answer): FastifyReply {
  if (result.status === 'bytes') return reply.code(result.code).headers(result.headers).send(result.stream)
  if (result.status !== 'empty') return reply.code(result.status).send({success: true, data: result.data})
  const {emptyStatus} = app.dialect
  return emptyStatus === 204 ? reply.code(204).send() : reply.code(200).send({success: true, data: null})
}
