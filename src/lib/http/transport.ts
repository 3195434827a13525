import type {Agent, ClientRequest, IncomingMessage, RequestOptions} from 'node:http'
import type {Readable} from 'node:stream'
import type {AxiosResponse} from 'axios'
import {VezaError} from '../errors/veza-error.js'
import {keepReadingAfterFailedWrite} from './early-answer.js'
import type {RawAnswer} from './envelope.js'
import {readBody} from './read-body.js'

/** One request over one connection. */
export interface Exchange {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | Readable | undefined
  readonly agent: Agent | undefined
  readonly signal: AbortSignal
  /** Whether a compressed body is unpacked. Default: true. */
  readonly decompress?: boolean
}

/** No answer came. `sent` unless it is certain that the server saw nothing of the request. */
export class NoAnswer extends Error {
  override readonly cause: Error
  readonly sent: boolean

  constructor(cause: Error, sent: boolean) {
    super(cause.message)
    this.cause = cause
    this.sent = sent
  }
}

/** An answer whose body has not been read. */
export interface OpenAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** To be read to its end or destroyed; the signal of the exchange destroys it, too. */
  readonly body: Readable
}

/**
 * Sends a request and reads the answer, whatever its status. Throws `NoAnswer` where the connection failed, and VezaError
 * for an answer that is too large.
 */
export async function exchange(e: Exchange): Promise<RawAnswer> {
  const {body, ...head} = await openExchange(e)
  return {...head, ...(await readBody(body))}
}

/**
 * Sends a request; the answer's body is left to be read. The only user of axios: no redirects (with them an upload is
 * buffered whole), no proxy but the agent's, the body as a stream. Throws `NoAnswer` where the connection failed. An axios error
 * goes no further than here: it carries the token.
 */
export async function openExchange(e: Exchange): Promise<OpenAnswer> {
  const {request} = e.url.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const wire = new Wire(request, streams(e.body))
  try {
    const response = await send(e, wire)
    return {status: response.status, headers: plainHeaders(response), body: response.data}
  } catch (error) {
    if (error instanceof VezaError) throw error
    throw new NoAnswer(systemError(error), wire.sent)
  }
}

async function send(e: Exchange, wire: Wire): Promise<AxiosResponse<Readable>> {
  const {default: axios} = await import('axios')
  return axios.request<Readable>({
    adapter: 'http',
    transport: wire,
    method: e.method,
    url: e.url.href,
    // Without a body axios would still name a type, and servers refuse a form that is none.
    headers: e.body === undefined ? {...e.headers, 'content-type': false} : {...e.headers},
    data: e.body,
    transformRequest: [],
    responseType: 'stream',
    decompress: e.decompress ?? true,
    validateStatus: () => true,
    maxRedirects: 0,
    maxBodyLength: -1,
    proxy: false,
    signal: e.signal,
    ...(e.agent === undefined ? {} : {httpAgent: e.agent, httpsAgent: e.agent}),
  })
}

function streams(body: Exchange['body']): body is Readable {
  return body !== undefined && !Buffer.isBuffer(body)
}

type RequestFunction = (
  options: RequestOptions,
  onResponse: (response: IncomingMessage) => void,
) => ClientRequest

/** What axios sends with: Node's own request function, and an eye on how far the request got. */
class Wire {
  sent = false

  constructor(
    private readonly open: RequestFunction,
    private readonly streaming: boolean,
  ) {}

  readonly request: RequestFunction = (options, onResponse) => {
    const request = this.open(options, onResponse)
    request.once('socket', socket => {
      // Under TLS nothing is sent before the handshake is through.
      if (!socket.connecting) this.sent = true
      else
        socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
          this.sent = true
        })
    })
    if (this.streaming) keepReadingAfterFailedWrite(request)
    return request
  }
}

function plainHeaders(response: AxiosResponse<Readable>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(response.headers)) {
    if (typeof value === 'string') headers[name.toLowerCase()] = value
  }
  return headers
}

/** The system's error inside an axios error. */
function systemError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('the request failed')
  if (error.cause instanceof Error) return error.cause
  const code = 'code' in error ? {code: error.code} : {}
  return Object.assign(new Error(error.message), code)
}
