import {lookup} from 'node:dns/promises'
import {once} from 'node:events'
import type {Server as HttpServer} from 'node:http'
import {type AddressInfo, createServer, type ListenOptions, type Server, type Socket} from 'node:net'

/** What an HTTP server expects of its connections. */
const HTTP_CONNECTIONS = {allowHalfOpen: true, noDelay: true}

/**
 * Listens in place of an HTTP server and hands it the connections, so that it can be shut and opened again, at the same
 * port, while the server goes on.
 */
export class Door {
  /** Connections that are, or may become, those of a call; a WebSocket's is none. */
  readonly #calls = new Set<Socket>()
  #listeners: readonly Server[] = []
  #isEnded = false
  #port: number

  constructor(
    readonly http: HttpServer,
    readonly host: string,
    port: number,
    /** Asked at each connection; one that may not enter is reset. */
    readonly mayEnter: () => boolean,
  ) {
    this.#port = port
    http.on('upgrade', (_request, socket: Socket) => this.#calls.delete(socket))
  }

  /** Once it was open, the real one. */
  get port(): number {
    return this.#port
  }

  get isOpen(): boolean {
    return this.#listeners.length > 0
  }

  /** Rejects when it cannot listen. `localhost` is all addresses of that name, as far as they can be had. */
  async open(): Promise<void> {
    const [first, ...others] = this.host === 'localhost' ? await addressesOf(this.host) : [this.host]
    await this.#listen({host: first, port: this.#port})
    for (const host of others) await this.#listen({host, port: this.#port}).catch(() => {})
  }

  /** Nobody comes in any more, and every call under way is cut. */
  shut(): void {
    for (const listener of this.#listeners) listener.close()
    this.#listeners = []
    for (const socket of this.#calls) socket.destroy()
  }

  /** Shuts for good. */
  end(): void {
    this.#isEnded = true
    this.shut()
  }

  async #listen(options: ListenOptions): Promise<void> {
    if (this.#isEnded) return
    const listener = createServer(HTTP_CONNECTIONS, socket => this.#enter(socket))
    listener.listen(options)
    await once(listener, 'listening')
    if (this.#isEnded) {
      listener.close()
      return
    }
    this.#port = (listener.address() as AddressInfo).port
    this.#listeners = [...this.#listeners, listener]
  }

  #enter(socket: Socket): void {
    if (!this.mayEnter()) {
      socket.on('error', () => {})
      socket.resetAndDestroy()
      return
    }
    this.#calls.add(socket)
    socket.once('close', () => this.#calls.delete(socket))
    this.http.emit('connection', socket)
  }
}

async function addressesOf(host: string): Promise<string[]> {
  return (await lookup(host, {all: true})).map(({address}) => address)
}
