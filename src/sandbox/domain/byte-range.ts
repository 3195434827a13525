import type {IncomingHttpHeaders} from 'node:http'

import {SandboxError} from '../errors.js'

/** The first and the last byte of a part. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * The part of a file that a request asks for (RFC 9110): one range of bytes, and only while the file is the one that `If-Range`
 * means. Undefined where the whole is to be sent. Throws RANGE_NOT_SATISFIABLE for a part that begins behind the end.
 */
export function wantedRange(
  headers: IncomingHttpHeaders,
  {etag, size}: {readonly etag: string; readonly size: number},
): ByteRange | undefined {
  const condition = headers['if-range']
  if (condition !== undefined && condition !== etag) return undefined
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < start) return undefined
  if (start >= size) throw new SandboxError(416, 'RANGE_NOT_SATISFIABLE', 'The file has no such part', {size})
  return {start, end}
}
