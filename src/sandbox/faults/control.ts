import type {FastifyInstance} from 'fastify'

import {VezaError} from '../../lib/errors/veza-error.js'
import {SandboxError} from '../errors.js'
import {asFields} from '../input.js'
import type {FaultControl} from './faults.js'
import {type FaultFields, faultOf, fieldsOf} from './notation.js'
import type {FaultSpec} from './spec.js'

/** Below this no fault of a call strikes. */
export const CONTROL_PATH = '/sandbox/'

const FAULTS_PATH = `${CONTROL_PATH}faults`

/** Lets whoever reaches the server arm faults: POST arms one, GET shows what is armed and has struck, DELETE clears. */
export function addControlRoutes(server: FastifyInstance, faults: FaultControl): void {
  server.get(FAULTS_PATH, () => stateOf(faults))
  server.post(FAULTS_PATH, (request, reply) => {
    const spec = readSpec(asFields(request.body))
    // Not before the answer has left: a restart would cut it off.
    reply.raw.once('finish', () => faults.arm(spec))
    return reply.code(202).send(fieldsOf(spec))
  })
  server.delete(FAULTS_PATH, () => {
    faults.clear()
    return stateOf(faults)
  })
}

function stateOf(faults: FaultControl): object {
  const armed = faults
    .armed()
    .map(({spec, left}) => ({...fieldsOf(spec), left: Number.isFinite(left) ? left : null}))
  return {seed: faults.seed, armed, counts: faults.counts()}
}

function readSpec(fields: FaultFields): FaultSpec {
  try {
    return faultOf(fields)
  } catch (error) {
    if (error instanceof VezaError) throw new SandboxError(422, 'VALIDATION_FAILED', error.message)
    throw error
  }
}
