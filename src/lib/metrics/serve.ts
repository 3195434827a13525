import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {VezaError} from '../errors/veza-error.js'
import type {ListenAddress} from './listen-address.js'

/** A scraper asks for little and at once. */
const REQUEST_TIMEOUT_MS = 5_000
/** An idle connection is closed after so long. */
const KEEP_ALIVE_MS = 5_000
/** So is one on which nothing moves, in the middle of an answer too: it would take a place for good. */
const STALLED_MS = 10_000
/** How often it is looked for requests that do not get whole. */
const LOOK_EVERY_MS = 1_000
/** More than any number of scrapers and probes; what is beyond is closed at once. */
const MAX_CONNECTIONS = 64
const PLAIN = 'text/plain; charset=utf-8'

/** What is answered from. */
export interface MetricsSource {
  readonly contentType: string
  readonly isReady: boolean
  text(): Promise<string>
}

/** A running endpoint. */
export interface MetricsServer {
  /** `http://HOST:PORT`. */
  readonly url: string
  /** Answers nothing more, not even to who is in the middle of a request: no scraper holds up the end. */
  close(): Promise<void>
}

/**
 * Serves `GET /metrics`, `GET /healthz` (200 as long as the process lives) and `GET /readyz` (200 while it does its work,
 * else 503), and nothing else.
 * @param stalledMs how long a connection may stand still. Default: 10 s.
 * @throws {VezaError} `usage` where the address cannot be listened on.
 */
export async function serveMetrics(
  address: ListenAddress,
  source: MetricsSource,
  stalledMs = STALLED_MS,
): Promise<MetricsServer> {
  const server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: LOOK_EVERY_MS,
  })
  server.timeout = stalledMs
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => {
    // What a probe sends along is of no account.
    request.resume()
    void answer(source, request, response)
  })
  await listen(server, address)
  // Too many open files, say: the next connection may be accepted again.
  server.on('error', () => undefined)
  const {port} = server.address() as AddressInfo
  return {url: `http://${authorityOf({...address, port})}`, close: () => close(server)}
}

async function answer(
  source: MetricsSource,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const {status, type = PLAIN, text, headers = {}} = await answerOf(source, request)
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      ...headers,
    })
    response.end(request.method === 'HEAD' ? undefined : text)
  } catch {
    response.destroy()
  }
}

interface Answer {
  readonly status: number
  readonly type?: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

async function answerOf(source: MetricsSource, {method, url = ''}: IncomingMessage): Promise<Answer> {
  const [path] = url.split('?', 1)
  if (path !== '/metrics' && path !== '/healthz' && path !== '/readyz')
    return {status: 404, text: 'not found: there is /metrics, /healthz and /readyz\n'}
  if (method !== 'GET' && method !== 'HEAD')
    return {status: 405, text: 'method not allowed\n', headers: {allow: 'GET, HEAD'}}
  if (path === '/metrics') return {status: 200, type: source.contentType, text: await source.text()}
  if (path === '/healthz' || source.isReady) return {status: 200, text: 'ok\n'}
  return {status: 503, text: 'not ready\n'}
}

function listen(server: Server, {host, port}: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => reject(cannotListen(cause, {host, port})))
    server.listen({host, port}, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'this account may not listen there',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'there is no such host',
}

function cannotListen(cause: Error, address: ListenAddress): VezaError {
  const code = 'code' in cause ? String(cause.code) : 'unknown reason'
  return new VezaError('usage', `cannot serve metrics at ${authorityOf(address)}: ${REASONS[code] ?? code}`, {
    hint: 'choose another address with --metrics-listen; port 0 takes any free one',
    cause,
  })
}

/** `HOST:PORT` as in an address. */
function authorityOf({host, port}: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
