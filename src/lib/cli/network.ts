import type {Agent} from 'node:http'
import type {Environment} from '../config/environment.js'
import type {Settings} from '../config/settings.js'
import {type ConnectionOptions, createAgentFor} from '../http/agents.js'
import {createHttpClient} from '../http/client.js'
import type {AgentFor, HttpClient, HttpEvent, RateBudget, TokenSource} from '../http/types.js'
import type {Printer} from '../output/printer.js'
import {describeHttpEvent} from './http-log.js'
import {readTextFile} from './local-file.js'
import {warnOfRisks} from './risks.js'

/** What the connections of a run are made of. */
export interface NetworkOptions {
  readonly settings: Settings
  readonly environment: Environment
  readonly version: string
  readonly out: Printer
  /** Aborted when the command must end. */
  readonly signal: AbortSignal
}

/** What REST clients of one run differ in. */
interface ClientParts {
  readonly tokens?: TokenSource
  readonly budget?: RateBudget
  readonly signal?: AbortSignal
}

/** The connections of one run: REST clients, and the proxy and TLS settings that they share with the WebSocket. */
export class Network {
  readonly #options: NetworkOptions
  #agents: Promise<AgentFor> | undefined
  #skewMs = 0
  #warned = false

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  /** How far the server's clock is ahead of ours, in milliseconds, by its last answer; 0 before the first. */
  get skewMs(): number {
    return this.#skewMs
  }

  /** A REST client of the server. Without `tokens` it signs nothing; without `signal` nothing ends a call but its limits. */
  client(parts: ClientParts): HttpClient {
    this.#warnOnce()
    const {server, apiPath, connectTimeoutMs, writeTimeoutMs} = this.#options.settings
    const {retries, retryDelayMs, maxRetryDelayMs, maxWaitMs} = this.#options.settings
    return createHttpClient({
      ...parts,
      restBase: `${server}${apiPath}`,
      retries,
      retryDelayMs,
      maxRetryDelayMs,
      maxWaitMs,
      timeoutMs: connectTimeoutMs,
      stallTimeoutMs: writeTimeoutMs,
      agentFor: url => this.agentFor(url),
      userAgent: `veza-cli/${this.#options.version}`,
      onEvent: event => this.#note(event),
    })
  }

  /** The way to an address, for REST and WebSocket alike. */
  async agentFor(url: URL): Promise<Agent | undefined> {
    this.#agents ??= this.#openAgents()
    return (await this.#agents)(url)
  }

  /** Only a command that talks to the server puts anything at risk. */
  #warnOnce(): void {
    if (!this.#warned) warnOfRisks(this.#options.settings, this.#options.out)
    this.#warned = true
  }

  async #openAgents(): Promise<AgentFor> {
    return createAgentFor(await readCertificates(this.#options.settings, this.#options.environment))
  }

  #note(event: HttpEvent): void {
    if (event.type === 'clock') this.#skewMs = event.serverTimeMs - event.localTimeMs
    describeHttpEvent(event, this.#options.out)
  }
}

async function readCertificates(settings: Settings, environment: Environment): Promise<ConnectionOptions> {
  const {ca, cert, key, insecure} = settings
  // An authority of our own replaces those that Node took from this variable, so they are given along with it.
  const extra = environment.get('NODE_EXTRA_CA_CERTS')
  const authorities = ca === undefined ? [] : [ca, ...(extra === undefined ? [] : [extra])]
  return {
    insecure,
    ...(authorities.length === 0 ? {} : {ca: await Promise.all(authorities.map(readTextFile))}),
    ...(cert === undefined ? {} : {cert: await readTextFile(cert)}),
    ...(key === undefined ? {} : {key: await readTextFile(key)}),
  }
}
