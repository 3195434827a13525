import {Agent, request} from 'node:http'

/** A REST client without any patience or memory: what it is told is what it does, and no try is repeated. */
export class Rest {
  readonly #agent = new Agent({keepAlive: true})
  readonly #base: URL
  readonly #timeoutMs: number

  constructor(url: string, timeoutMs = 10_000) {
    this.#base = new URL(url)
    this.#timeoutMs = timeoutMs
  }

  /** The data of the answer, out of its envelope. Rejects on any failure and on any status but 2xx. */
  call(method: 'GET' | 'POST', path: string, token: string, body?: object): Promise<unknown> {
    const {hostname, port} = this.#base
    const headers = {
      'content-type': 'application/json',
      ...(token === '' ? {} : {authorization: `Bearer ${token}`}),
    }
    return new Promise((resolve, reject) => {
      const options = {hostname, port, method, path: `/api/v1${path}`, headers, agent: this.#agent}
      const sent = request(options, answer => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          try {
            resolve(dataOf(answer.statusCode ?? 0, Buffer.concat(chunks).toString()))
          } catch (error) {
            reject(error)
          }
        })
      })
      // The whole exchange, not the silence in it: a server may drip.
      const timer = setTimeout(() => sent.destroy(new Error('no answer in time')), this.#timeoutMs)
      sent.on('close', () => clearTimeout(timer))
      sent.on('error', reject)
      sent.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** The access token of a seeded user. */
  async signIn(username: string): Promise<string> {
    const grant = await this.call('POST', '/auth/login', '', {username, password: `${username}-pass`})
    return String((grant as {access_token: unknown}).access_token)
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** An answer that is not 2xx. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    body: string,
  ) {
    super(`${status}: ${body.slice(0, 200)}`)
  }
}

function dataOf(status: number, body: string): unknown {
  if (status < 200 || status > 299) throw new Refused(status, body)
  const answer = body === '' ? {} : (JSON.parse(body) as {data?: unknown})
  return 'data' in answer ? answer.data : answer
}
