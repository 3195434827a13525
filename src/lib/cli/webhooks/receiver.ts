import {once} from 'node:events'
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {WebhookDelivery} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import {type ListenAddress, webAddress} from './address.js'
import {readDelivery} from './delivery.js'
import {readBody} from './read-body.js'
import {checkSignature, type Verdict} from './signature.js'

/** Larger than any event of a message. */
const BODY_LIMIT_BYTES = 1024 * 1024
/** A sender has so long for the head of a request, and for all of it. */
const HEADERS_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 10_000
const CHECK_EVERY_MS = 500
/** Each may hold a body in memory. */
const MAX_CONNECTIONS = 64
/** At the end, answers under way have so long. */
const CLOSE_AFTER_MS = 1_000

const VERDICTS: Readonly<Record<Exclude<Verdict, 'good'>, string>> = {
  missing: 'there is no X-Webhook-Signature',
  malformed: 'its X-Webhook-Signature is not the hex of a SHA-256',
  wrong: 'its X-Webhook-Signature is wrong: another secret, or another body',
}

/** What a receiver is made of. */
export interface ReceiverOptions {
  readonly address: ListenAddress
  /** The only path that is served; undefined: all of them. */
  readonly path: string | undefined
  /** What deliveries are signed with. */
  readonly secret: string
  /** Takes a delivery whose signature is good. Resolves to false where no more are taken. */
  readonly accept: (delivery: WebhookDelivery) => Promise<boolean>
  /** Told of each request that was turned down, for a person. */
  readonly onRefused: (problem: string) => void
  /** Default 10 s. */
  readonly requestTimeoutMs?: number
}

/** A running receiver. */
export interface Receiver {
  /** Where it is reached, with its path. */
  readonly url: string
  /** Takes no more, gives answers under way another second. */
  close(): Promise<void>
}

/** An answer, and what a person is told of it. */
interface Answer {
  readonly status: number
  readonly text: string
  readonly problem?: string
}

/**
 * Receives the deliveries of webhooks (section 4 of the contract) over HTTP: what is not signed with the secret gets 401, a
 * body above 1 MiB 413, and 200 what was accepted.
 * @throws {VezaError} `usage` where it cannot listen.
 */
export async function openReceiver(options: ReceiverOptions): Promise<Receiver> {
  const {address, path = '/', requestTimeoutMs = REQUEST_TIMEOUT_MS} = options
  const server = createServer({
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, requestTimeoutMs),
  })
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', async (request, response) => {
    const answer = await judge(request, options)
    if (answer !== undefined) reply(response, answer, server, options)
  })
  await listen(server, address)
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port
  return {url: webAddress({host: address.host, port}, path), close: () => close(server)}
}

/** Undefined where nobody waits for an answer any more. Never rejects. */
async function judge(request: IncomingMessage, options: ReceiverOptions): Promise<Answer | undefined> {
  const {path, secret} = options
  const body = await readBody(request, BODY_LIMIT_BYTES)
  if (body === 'broken') return undefined
  if (path !== undefined && pathOf(request) !== path) return {status: 404, text: 'nothing here'}
  if (request.method !== 'POST') return {status: 405, text: 'POST only'}
  if (body === 'too_large') return refusal(413, 'its body is above 1 MiB')
  const header = request.headers['x-webhook-signature']
  const verdict = checkSignature(typeof header === 'string' ? header : undefined, body, secret)
  if (verdict !== 'good') return refusal(401, VERDICTS[verdict])
  const delivery = readDelivery(body)
  return delivery === undefined
    ? refusal(400, 'it is no JSON object with an event')
    : accepted(delivery, options)
}

async function accepted(delivery: WebhookDelivery, {accept}: ReceiverOptions): Promise<Answer> {
  try {
    return (await accept(delivery)) ? {status: 200, text: 'ok'} : {status: 503, text: 'no more are taken now'}
  } catch {
    // What went wrong is told by whoever was to take it.
    return {status: 500, text: 'it could not be taken'}
  }
}

function refusal(status: number, problem: string): Answer {
  return {status, text: problem, problem}
}

function reply(
  response: ServerResponse,
  {status, text, problem}: Answer,
  server: Server,
  {onRefused}: ReceiverOptions,
): void {
  const from = response.req.socket.remoteAddress ?? 'somebody'
  if (problem !== undefined) onRefused(`refused a delivery from ${from}: ${problem}`)
  // Of a body that nobody wants the rest is not waited for.
  const isLast = !response.req.complete || !server.listening
  response.writeHead(status, {
    'content-type': 'text/plain',
    ...(status === 405 ? {allow: 'POST'} : {}),
    ...(isLast ? {connection: 'close'} : {}),
  })
  response.end(`${text}\n`)
}

function pathOf({url = ''}: IncomingMessage): string {
  return url.replace(/\?.*$/s, '')
}

async function listen(server: Server, {host, port}: ListenAddress): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
    const reason = code === 'EADDRINUSE' ? 'the port is in use' : code
    throw new VezaError('usage', `cannot listen on ${host}:${port}: ${reason}`, {
      hint: 'choose another with --listen; port 0 takes any free one',
      cause,
    })
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_AFTER_MS)
  await closed
  clearTimeout(timer)
}
