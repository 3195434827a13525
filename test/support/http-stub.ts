import {once} from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type {AddressInfo, Socket} from 'node:net'

/** A request as the stub saw it, its body read to the end. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON. */
  json(): unknown
}

/** An answer in short: a status, headers, and a body that is sent as JSON unless it is text. */
export interface StubAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Answers one request, in short or by hand. A `raw` handler gets the request unread. */
export type Handler =
  | StubAnswer
  | ((seen: SeenRequest) => StubAnswer | Promise<StubAnswer>)
  | {readonly raw: (request: IncomingMessage, response: ServerResponse) => void}

/** A loopback server that answers from a script: one handler a request, the last one again and again. */
export interface HttpStub extends AsyncDisposable {
  readonly origin: string
  readonly restBase: string
  readonly seen: SeenRequest[]
  /** Requests that arrived, those with a raw handler too. */
  count(): number
}

/** Starts a stub on a free port; `await using` closes it with all its connections. */
export async function httpStub(...handlers: readonly Handler[]): Promise<HttpStub> {
  const seen: SeenRequest[] = []
  const sockets = new Set<Socket>()
  let arrived = 0
  const server = createServer(async (request, response) => {
    const handler = handlers[Math.min(arrived++, handlers.length - 1)] ?? {}
    if ('raw' in handler) return handler.raw(request, response)
    const record = await read(request).catch(() => undefined)
    // The client went away in the middle of its request.
    if (record === undefined) return
    seen.push(record)
    reply(response, typeof handler === 'function' ? await handler(record) : handler)
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  const port = await listen(server)
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    restBase: `${origin}/api/v1`,
    seen,
    count: () => arrived,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  server.close()
  await once(server, 'close')
  return port
}

/** A body under the envelope of section 3. */
export function enveloped(data: unknown, status = 200): StubAnswer {
  return {status, body: {success: true, data}}
}

/** An error under the envelope of section 3. */
export function failure(status: number, code: string, message: string, more: object = {}): StubAnswer {
  return {status, body: {success: false, error: {code, message, ...more}}}
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const url = new URL(request.url ?? '/', 'http://stub')
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    text,
    json: () => JSON.parse(text),
  }
}

function reply(response: ServerResponse, {status = 200, headers = {}, body}: StubAnswer): void {
  const isText = typeof body === 'string'
  response.writeHead(status, {'content-type': isText ? 'text/plain' : 'application/json', ...headers})
  response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body))
}
