import {once} from 'node:events'
import {createServer, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

/** How fast a server takes messages. */
export interface ServerRate {
  /** Messages a minute. */
  readonly limit: number
  /** How many at once. */
  readonly burst: number
  /** `GET /gate` is answered once so many have asked; so all clients begin together. Default: at once. */
  readonly gate?: number
}

/** A server that takes messages at a rate of our choice, and nothing else; it counts by a token bucket as the sandbox does. */
export interface RateServer extends AsyncDisposable {
  readonly url: string
  /** When each message was taken, in milliseconds. */
  readonly taken: number[]
  /** When each was refused with 429. */
  readonly refused: number[]
  /** When the gate was opened; undefined before. */
  readonly openedMs: number | undefined
}

/** Starts the server on a free port; `await using` closes it. */
export async function rateServer({limit, burst, gate = 1}: ServerRate): Promise<RateServer> {
  const taken: number[] = []
  const refused: number[] = []
  const refillMs = 60_000 / limit
  let tokens = burst
  let atMs = performance.now()
  const answer = (response: ServerResponse): void => {
    const nowMs = performance.now()
    tokens = Math.min(burst, tokens + (nowMs - atMs) / refillMs)
    atMs = nowMs
    const isFree = tokens >= 1
    if (isFree) tokens -= 1
    ;(isFree ? taken : refused).push(nowMs)
    const resetMs = Date.now() + (burst - tokens) * refillMs
    const headers: Record<string, string | number> = {
      'content-type': 'application/json',
      'x-ratelimit-limit': limit,
      'x-ratelimit-remaining': Math.floor(tokens),
      'x-ratelimit-reset': Math.ceil(resetMs / 1000),
      ...(isFree ? {} : {'retry-after': 1}),
    }
    response.writeHead(isFree ? 201 : 429, headers)
    const error = {code: 'RATE_LIMIT_EXCEEDED', message: 'Too many messages'}
    response.end(
      JSON.stringify(
        isFree ? {success: true, data: {id: taken.length, content: 'x'}} : {success: false, error},
      ),
    )
  }
  const waiting: ServerResponse[] = []
  let openedMs: number | undefined
  const hold = (response: ServerResponse): void => {
    if (waiting.push(response) < gate) return
    openedMs = performance.now()
    for (const held of waiting) held.writeHead(200, {'content-type': 'application/json'}).end('{}')
  }
  const server = createServer((request, response) => {
    const act = request.url?.endsWith('/gate') === true ? hold : answer
    request.resume().on('end', () => act(response))
  })
  server.listen(0, '127.0.0.1', 1024)
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    refused,
    get openedMs() {
      return openedMs
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
