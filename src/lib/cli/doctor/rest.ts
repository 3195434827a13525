import {createApi} from '../../api/index.js'
import type {Context} from '../context.js'
import {ok, type Verdict} from './check.js'

/**
 * A REST call as the session: who am I?
 * @throws {VezaError} what the call throws, `signed_out` where the server refuses the session.
 */
export async function checkRest({network, tokens}: Context, signal: AbortSignal): Promise<Verdict> {
  const startMs = performance.now()
  const user = await createApi(network.client({tokens, signal})).users.me()
  return ok(`${user.username} (${user.role ?? 'no role'}), ${Math.round(performance.now() - startMs)} ms`)
}
