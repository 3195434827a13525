import {createHttpClient} from '../../http/client.js'
import type {HttpEvent} from '../../http/types.js'
import type {Network} from '../network.js'

/** A `Date` tells whole seconds and is on average half of one behind. */
const DATE_LAG_MS = 500

/** What a server answered to a request that needs no account. */
export interface Probe {
  readonly status: number
  readonly durationMs: number
  /** How far the server's clock is ahead of ours, to a second or so; undefined where it sends no `Date`. */
  readonly skewMs: number | undefined
}

/** What is asked, and for how long at most. */
export interface ProbeOptions {
  readonly network: Network
  /** Such as `http://localhost:8080`. */
  readonly base: string
  /** Below `base`, starts with `/`. */
  readonly path: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Asks once, without an account, whether a server answers. Any answer will do, a refusal too.
 * @throws {VezaError} `unreachable` where none comes, `config` for a proxy or certificates that cannot be understood.
 */
export async function probe({network, base, path, timeoutMs, signal}: ProbeOptions): Promise<Probe> {
  let answer: Extract<HttpEvent, {type: 'answer'}> | undefined
  let skewMs: number | undefined
  const client = createHttpClient({
    restBase: base,
    retries: 0,
    timeoutMs,
    signal,
    agentFor: url => network.agentFor(url),
    userAgent: 'veza-cli',
    onEvent: event => {
      if (event.type === 'answer') answer = event
      if (event.type === 'clock') skewMs = event.serverTimeMs + DATE_LAG_MS - event.localTimeMs
    },
  })
  try {
    await client.request({method: 'GET', path, anonymous: true})
  } catch (error) {
    if (answer === undefined) throw error
  }
  if (answer === undefined) throw new Error('a request ended without an answer and without an error')
  return {status: answer.status, durationMs: answer.durationMs, skewMs}
}
