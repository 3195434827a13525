import {once} from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import {type AddressInfo, connect} from 'node:net'
import type {Duplex} from 'node:stream'
import {buffer} from 'node:stream/consumers'

/** What a test may do with each `POST /auth/refresh` on its way. */
export interface RefreshHooks {
  /** Called when it has arrived. */
  readonly arrived?: () => void
  /** Awaited before it goes on to the server; a client that is gone by then has asked nothing. */
  readonly before?: () => Promise<void>
  /** Awaited before its answer goes back: the server has rotated the token. */
  readonly after?: () => Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A proxy in front of a sandbox that counts what reaches it. */
export class CountingProxy implements AsyncDisposable {
  hooks: RefreshHooks = {}
  /** Called when any request has arrived. */
  onRequest: (path: string) => void = () => {}
  /** The status of each refresh that the server has answered. */
  readonly refreshes: number[] = []
  /** Every token that an answer carried. */
  readonly tokens = new Set<string>()
  /** WebSocket handshakes. */
  upgrades = 0
  readonly #server = createServer((request, response) => {
    const exchange = this.#exchange(request, response).catch(() => void response.destroy())
    this.#underWay.add(exchange)
    void exchange.finally(() => this.#underWay.delete(exchange))
  })
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #sockets = new Set<Duplex>()

  private constructor(readonly target: URL) {
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  static async start(target: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(target))
    proxy.#server.listen(0, '127.0.0.1', 1024)
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Resolves once everything that was sent before this call has been answered. */
  async idle(): Promise<void> {
    // What a killed client had sent is read before this request, which came later.
    await fetch(`${this.url}/health`)
    await Promise.allSettled(this.#underWay)
  }

  /** Cuts every WebSocket. */
  dropSockets(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropSockets()
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const {url: path = ''} = request
    this.onRequest(path)
    const isRefresh = path.endsWith('/auth/refresh')
    if (isRefresh) {
      this.hooks.arrived?.()
      await this.hooks.before?.()
      if (request.socket.destroyed) return
    }
    const answer = await this.#forward(request, body)
    this.#noteTokens(answer.body)
    if (isRefresh) {
      this.refreshes.push(answer.status)
      await this.hooks.after?.()
    }
    response.writeHead(answer.status, answer.headers)
    response.end(answer.body)
  }

  async #forward({method, url: path, headers}: IncomingMessage, body: Buffer): Promise<Answer> {
    const {hostname, port} = this.target
    const forwarded = httpRequest({hostname, port, method, path, headers, agent: false})
    forwarded.end(body)
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage]
    return {status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer)}
  }

  #noteTokens(body: Buffer): void {
    for (const [, token = ''] of body.toString().matchAll(/"(?:access|refresh)_token":"([^"]+)"/g)) {
      this.tokens.add(token)
    }
  }

  #upgrade({url: path, rawHeaders}: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.upgrades += 1
    const upstream = connect(Number(this.target.port), this.target.hostname)
    for (const side of [socket, upstream]) {
      this.#sockets.add(side)
      side.on('error', () => {})
      side.on('close', () => {
        this.#sockets.delete(side)
        socket.destroy()
        upstream.destroy()
      })
    }
    const lines = rawHeaders.map((text, nth) => (nth % 2 === 0 ? `${text}: ` : `${text}\r\n`))
    upstream.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
    upstream.write(head)
    socket.pipe(upstream).pipe(socket)
  }
}
