import type {Agent} from 'node:http'
import type {DetailedPeerCertificate, TLSSocket} from 'node:tls'
import {networkFailure} from '../../http/network-error.js'
import {ok, skipped, type Verdict, warning} from './check.js'

const DAY_MS = 86_400_000
const WARN_BELOW_DAYS = 14
const LONGEST_CHAIN = 10

/** What the TLS check looks at. */
export interface TlsTarget {
  /** Such as `https://chat.example.org`. */
  readonly server: string
  readonly agentFor: (url: URL) => Promise<Agent | undefined>
  readonly nowMs: number
  readonly signal: AbortSignal
}

/**
 * The certificate of an `https` server and the way to it, with the proxy and authorities of every other request. Warns
 * under 14 days before its end, and where it was not verified (`--insecure`).
 * @throws {VezaError} `unreachable`, with the reason, where it is not trusted or no connection comes about.
 */
export async function checkTls({server, agentFor, nowMs, signal}: TlsTarget): Promise<Verdict> {
  const url = new URL(server)
  if (url.protocol !== 'https:') return skipped('the server is http, nothing is encrypted')
  const socket = await handshake(url, await agentFor(url), signal)
  try {
    return judge(socket, nowMs)
  } finally {
    socket.destroy()
  }
}

function judge(socket: TLSSocket, nowMs: number): Verdict {
  const leaf = socket.getPeerCertificate(true)
  const days = Math.floor((Date.parse(leaf.valid_to) - nowMs) / DAY_MS)
  const detail = [
    `${nameOf(leaf.subject)}, issued by ${nameOf(leaf.issuer)}`,
    `chain: ${chainOf(leaf).join(' ← ')}`,
    `ends in ${days} days`,
    socket.getProtocol() ?? 'unknown protocol',
  ].join('; ')
  if (!socket.authorized)
    return warning(`not verified (${socket.authorizationError}); ${detail}`, 'do without --insecure')
  return days < WARN_BELOW_DAYS ? warning(detail, 'the server needs a new certificate soon') : ok(detail)
}

/** The names from the server's certificate up; the last one of a chain is its own issuer. */
function chainOf(leaf: DetailedPeerCertificate): string[] {
  const names: string[] = []
  let here: DetailedPeerCertificate | undefined = leaf
  while (here !== undefined && names.length < LONGEST_CHAIN) {
    names.push(nameOf(here.subject))
    const above: DetailedPeerCertificate | undefined = here.issuerCertificate
    here = above?.fingerprint256 === here.fingerprint256 ? undefined : above
  }
  return names
}

function nameOf(name: DetailedPeerCertificate['subject'] | undefined): string {
  const words = name?.CN ?? name?.O ?? 'no name'
  return Array.isArray(words) ? words.join(' ') : words
}

/** Asks for /health as any request does, and keeps the connection of the answer. */
async function handshake(url: URL, agent: Agent | undefined, signal: AbortSignal): Promise<TLSSocket> {
  const {request} = await import('node:https')
  return new Promise((resolve, reject) => {
    const path = `${url.pathname.replace(/\/$/, '')}/health`
    // A name of its own: a TLS session that an earlier request has left with the agent would bring no certificate.
    const options = {method: 'GET', path, agent, signal, sessionIdContext: 'doctor'}
    const asked = request(url, options, answer => resolve(answer.socket as TLSSocket))
    asked.on('error', cause =>
      reject(signal.aborted ? signal.reason : networkFailure(cause, url.origin).error),
    )
    asked.end()
  })
}
