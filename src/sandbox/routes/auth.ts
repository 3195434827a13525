import type {FastifyInstance} from 'fastify'

import type {App} from '../app.js'
import {createApiKey} from '../domain/api-keys.js'
import {enableSecondFactor} from '../domain/second-factor.js'
import {login, logout, refresh} from '../domain/sessions.js'
import {asFields} from '../input.js'
import {created, EMPTY, ok, type Route} from './route.js'

export const authRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/auth/logout',
    handle: ({app, actor}) => {
      logout(app, actor)
      return EMPTY
    },
  },
  {
    method: 'POST',
    path: '/auth/api-keys',
    handle: ({app, actor, body}) => created(createApiKey(app, actor, body)),
  },
  {
    method: 'POST',
    path: '/auth/2fa/enable',
    handle: ({app, actor, body}) => ok(enableSecondFactor(app, actor, body)),
  },
]

/** The two routes that need no token; their answers have a shape of their own (section 7). */
export function registerSignIn(server: FastifyInstance, app: App): void {
  server.post('/auth/login', request => app.dialect.grant(login(app, asFields(request.body), request.ip)))
  server.post('/auth/refresh', request => app.dialect.grant(refresh(app, asFields(request.body))))
}
