import {VezaError} from '../../errors/veza-error.js'
import type {Context} from '../context.js'
import {ok, type Verdict} from './check.js'
import {type Probe, probe} from './probe.js'

/** What is known of a server that answers. */
export interface ServerVerdict extends Verdict {
  readonly probe: Probe
}

/**
 * Whether the server answers, and how soon: `GET /health`, else the REST base (section 1 of the contract), where a
 * refusal is an answer, too.
 * @throws {VezaError} `unreachable` where nothing answers, `server_error` for a 5xx.
 */
export async function checkServer(
  {network, settings}: Pick<Context, 'network' | 'settings'>,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ServerVerdict> {
  const {server, apiPath} = settings
  const ask = (base: string, path: string) => probe({network, base, path, timeoutMs, signal})
  const health = await ask(server, '/health')
  if (health.status < 300) return reached(server, health, 'healthy')
  const rest = await ask(`${server}${apiPath}`, '/users/me')
  if (rest.status < 500) return reached(server, rest, `no /health, ${health.status}`)
  throw new VezaError('server_error', `${server} answers with ${rest.status} only`, {
    status: rest.status,
    hint: 'whoever runs the server should look at its log',
  })
}

function reached(server: string, answer: Probe, words: string): ServerVerdict {
  return {...ok(`${server} answers in ${Math.round(answer.durationMs)} ms (${words})`), probe: answer}
}
