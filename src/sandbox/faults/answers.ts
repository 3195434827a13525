import {Readable} from 'node:stream'

import type {FastifyReply, FastifyRequest} from 'fastify'

import {type App, timestamp} from '../app.js'
import {SandboxError} from '../errors.js'

const REASONS: Readonly<Record<number, string>> = {
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** Makes of the reply one of a proxy in front of the server; returns its page. */
export function proxyPage(reply: FastifyReply, status: number): string {
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
  reply.code(status).header('content-type', 'text/html')
  const title = `${status} ${REASONS[status]}`
  return `<!DOCTYPE html>\n<html><head><title>${title}</title></head>\n<body><h1>${title}</h1></body></html>\n`
}

/** A 429 that says how long to wait in one of the three ways of section 3, each in its turn. */
export function tooManyRequests(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  {nth, waitMs}: {readonly nth: number; readonly waitMs: number},
): void {
  const seconds = Math.ceil(waitMs / 1_000)
  const way = (['seconds', 'date', 'details'] as const)[nth % 3]
  if (way === 'seconds') reply.header('retry-after', seconds)
  // Not by the sandbox's own clock: the date stands beside the Date header.
  if (way === 'date') reply.header('retry-after', new Date(Date.now() + seconds * 1_000).toUTCString())
  const details = way === 'details' ? {retry_after: seconds} : {}
  const error = new SandboxError(429, 'RATE_LIMIT_EXCEEDED', 'Too many requests', details)
  void reply.code(429).send(app.dialect.failure(error, timestamp(app), request.id))
}

/** Sends the headers and half of the body, then ends the connection; without a body there is no answer at all. */
export async function breakOff(reply: FastifyReply, payload: unknown): Promise<void> {
  const {raw, request} = reply
  const {socket} = request.raw
  const body = await firstBytes(payload)
  if (body.length < 2) {
    socket.resetAndDestroy()
    return
  }
  // That of a download is there already, and its first bytes are not all of them.
  if (!reply.hasHeader('content-length')) reply.header('content-length', body.length)
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(reply.statusCode)
  raw.write(body.subarray(0, body.length / 2), () => socket.destroy())
}

/** Gives up a body that nobody will get. */
export function discard(payload: unknown): void {
  if (payload instanceof Readable) payload.destroy()
}

// Leaving the loop gives up the rest.
async function firstBytes(payload: unknown): Promise<Buffer> {
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) return Buffer.from(payload)
  if (payload instanceof Readable) for await (const chunk of payload) return Buffer.from(chunk)
  return Buffer.alloc(0)
}
