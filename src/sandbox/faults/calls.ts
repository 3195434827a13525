import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify'

import type {App} from '../app.js'
import {breakOff, discard, proxyPage, tooManyRequests} from './answers.js'
import {CONTROL_PATH} from './control.js'
import type {Place, Strike} from './plan.js'
import {DEFAULT_DURATION_MS, type FaultKind} from './spec.js'

const API_PATH = '/api/v1'
const PROXY_STATUSES = [502, 503, 504] as const
const BAD_GATEWAY = 502

/** What strikes after the server has acted. */
const LATER: ReadonlySet<FaultKind> = new Set<FaultKind>(['truncate', 'reset_after', 'error_after'])

/**
 * Has the faults of calls strike: sign-in, renewal and `/health` like any other, the control route never, a WebSocket
 * handshake only where it is named. To be added before the routes.
 */
export function addCallFaults(server: FastifyInstance, app: App): void {
  const later = new WeakMap<FastifyRequest, Strike>()
  server.addHook('onRequest', (request, reply, done) => {
    if (app.faults.isRefusing) {
      reset(request)
      return
    }
    const place = placeOf(request)
    const strike = place.path.startsWith(CONTROL_PATH) ? undefined : app.faults.strikeCall(place)
    if (strike && LATER.has(strike.spec.kind)) later.set(request, strike)
    if (strike && !LATER.has(strike.spec.kind)) strikeInstead(app, request, reply, strike)
    else done()
  })
  server.addHook('onSend', (request, reply, payload, done) => {
    const strike = later.get(request)
    if (strike === undefined) done(null, payload)
    else strikeAfter(request, reply, payload, strike, done)
  })
}

function placeOf({method, url}: FastifyRequest): Required<Omit<Place, 'roomId'>> {
  const [path = ''] = url.split('?')
  return {method, path: path.startsWith(`${API_PATH}/`) ? path.slice(API_PATH.length) : path}
}

/** The server does not act. */
function strikeInstead(app: App, request: FastifyRequest, reply: FastifyReply, {spec, nth}: Strike): void {
  const durationMs = spec.durationMs ?? DEFAULT_DURATION_MS
  switch (spec.kind) {
    case 'rate_limit':
      tooManyRequests(app, request, reply, {nth, waitMs: durationMs})
      break
    case 'html':
      void reply.send(proxyPage(reply, PROXY_STATUSES[nth % PROXY_STATUSES.length] ?? BAD_GATEWAY))
      break
    case 'hang':
      app.faults.waits.after(durationMs, () => reset(request))
      break
    default:
      reset(request)
  }
}

/** The server has acted, and this is what becomes of its answer. */
function strikeAfter(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  {spec}: Strike,
  done: (error: null, payload: unknown) => void,
): void {
  if (spec.kind === 'truncate') {
    void breakOff(reply, payload)
    return
  }
  discard(payload)
  if (spec.kind === 'error_after') done(null, proxyPage(reply, BAD_GATEWAY))
  else reset(request)
}

function reset(request: FastifyRequest): void {
  request.raw.socket.resetAndDestroy()
}
