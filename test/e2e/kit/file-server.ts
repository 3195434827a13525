import {createHash} from 'node:crypto'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {failure, type Handler, type HttpStub, httpStub} from '../../support/http-stub.js'

/** How one request for a file is answered; else with all that was asked for. */
export interface Answer {
  readonly bytes?: Buffer
  /** Breaks the connection after so many bytes of the body. */
  readonly breaksAfter?: number
  /** Sends so many bytes of the body and nothing more. */
  readonly hangsAfter?: number
  readonly status?: number
  /** The name that the file has there. */
  readonly name?: string
  /** A hash that is not that of the bytes. */
  readonly wrongDigest?: boolean
  readonly location?: string
}

/** A file's server that answers from a script, the last answer again and again, with the headers of each request it got. */
export interface FileServer extends HttpStub {
  readonly requests: IncomingMessage['headers'][]
}

export async function fileServer(bytes: Buffer, ...answers: readonly Answer[]): Promise<FileServer> {
  const requests: IncomingMessage['headers'][] = []
  const handler: Handler = {
    raw: (request, response) => {
      requests.push(request.headers)
      const answer = answers[Math.min(requests.length, answers.length) - 1] ?? {}
      reply(request, response, {bytes, ...answer})
    },
  }
  return Object.assign(await httpStub(handler), {requests})
}

function reply(request: IncomingMessage, response: ServerResponse, answer: Answer & {bytes: Buffer}): void {
  const {bytes, status, location, name = 'data.bin'} = answer
  if (location !== undefined) return void response.writeHead(302, {location}).end()
  if (status !== undefined) {
    const {body} = failure(status, status === 401 ? 'INVALID_TOKEN' : 'X', 'no')
    return void response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
  }
  const sha256 = createHash('sha256').update(bytes)
  const etag = `"${sha256.copy().digest('hex').slice(0, 16)}"`
  const promised = answer.wrongDigest ? createHash('sha256').update('other') : sha256
  const from = wantedFrom(request.headers, etag)
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': bytes.length - from,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    ...{etag, 'repr-digest': `sha-256=:${promised.digest('base64')}:`},
    ...(from > 0 ? {'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`} : {}),
  })
  send(response, bytes.subarray(from), answer)
}

function wantedFrom(headers: IncomingMessage['headers'], etag: string): number {
  const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? []
  return from !== undefined && headers['if-range'] === etag ? Number(from) : 0
}

function send(response: ServerResponse, rest: Buffer, {breaksAfter, hangsAfter}: Answer): void {
  if (hangsAfter !== undefined) response.write(rest.subarray(0, hangsAfter))
  else if (breaksAfter === undefined) response.end(rest)
  else response.write(rest.subarray(0, breaksAfter), () => response.destroy())
}
