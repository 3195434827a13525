import type {Agent} from 'node:http'
import type {AgentOptions} from 'node:https'
import {VezaError} from '../errors/veza-error.js'
import type {AgentFor} from './types.js'

/** What the connections of REST and WebSocket have in common. */
export interface ConnectionOptions {
  /** PEM of authorities beside those Node trusts: contents, not file names. */
  readonly ca?: readonly string[]
  /** PEM of a client certificate. */
  readonly cert?: string
  /** PEM of its key. */
  readonly key?: string
  /** Switches the verification of certificates off. Default: false. */
  readonly insecure?: boolean
  /** Keeps connections open for the next request. Default: false, as most commands make one call. */
  readonly keepAlive?: boolean
  /** The proxy for an `http:` or `https:` address, empty for none. Default: HTTPS_PROXY, HTTP_PROXY, NO_PROXY decide. */
  proxyFor?(address: string): string
}

/**
 * Makes the one function by which REST and WebSocket get their connections: through the proxy that applies to an address
 * (for `ws:` and `wss:` the same as for `http:` and `https:`), or direct, with one agent for each. The function throws
 * `config` where the proxy's address or a certificate cannot be understood.
 */
export function createAgentFor(options: ConnectionOptions = {}): AgentFor {
  const agents = new Map<string, Promise<Agent>>()
  return async url => {
    const secure = url.protocol === 'https:' || url.protocol === 'wss:'
    const proxy = await proxyAddress(url, secure, options)
    const name = `${secure} ${proxy}`
    const agent =
      agents.get(name) ?? (proxy === '' ? directAgent(secure, options) : proxyAgent(proxy, options))
    agents.set(name, agent)
    return agent
  }
}

async function proxyAddress(url: URL, secure: boolean, options: ConnectionOptions): Promise<string> {
  const proxyFor = options.proxyFor ?? (await import('proxy-from-env')).getProxyForUrl
  return proxyFor(`${secure ? 'https' : 'http'}://${url.host}`)
}

async function directAgent(secure: boolean, options: ConnectionOptions): Promise<Agent> {
  const {keepAlive = false} = options
  if (!secure) return new (await import('node:http')).Agent({keepAlive})
  return new (await import('node:https')).Agent({keepAlive, ...(await tlsOptions(options))})
}

async function proxyAgent(proxy: string, options: ConnectionOptions): Promise<Agent> {
  const address = URL.canParse(proxy) ? new URL(proxy) : undefined
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:') {
    // The address itself is not shown: it may hold a password.
    throw new VezaError('config', 'the address of the proxy is not of the form http://host:port', {
      hint: 'check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY',
    })
  }
  const {HttpsProxyAgent} = await import('https-proxy-agent')
  const tls = await tlsOptions(options)
  const agent = new HttpsProxyAgent(address, {
    keepAlive: options.keepAlive ?? false,
    ...(tls.ca === undefined ? {} : {ca: tls.ca}),
  })
  // What the constructor takes holds for the connection to the proxy; what is in `options`, for the server behind it.
  Object.assign(agent.options, tls)
  return agent
}

async function tlsOptions({ca = [], cert, key, insecure}: ConnectionOptions): Promise<AgentOptions> {
  const [tls, {X509Certificate}] = await Promise.all([import('node:tls'), import('node:crypto')])
  const own = {
    // A `ca` replaces what Node trusts: so that is repeated.
    ...(ca.length === 0 ? {} : {ca: [...tls.rootCertificates, ...ca]}),
    ...(cert === undefined ? {} : {cert}),
    ...(key === undefined ? {} : {key}),
  }
  try {
    // OpenSSL passes over what is no certificate without a word.
    for (const pem of ca) new X509Certificate(pem)
    if (cert !== undefined || key !== undefined) tls.createSecureContext(own)
  } catch (cause) {
    throw new VezaError('config', 'the certificate, its key or the authority cannot be read as PEM', {
      hint: 'check the files of --ca, --cert and --key',
      cause,
    })
  }
  return insecure === true ? {...own, rejectUnauthorized: false} : own
}
