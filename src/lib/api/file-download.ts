import {contentRange} from '../http/content-range.js'
import type {Download} from '../http/types.js'
import {dispositionName} from './disposition.js'
import {type FileDigest, fileDigest} from './file-digest.js'

/** A file that is coming in (section 4 of the contract), with what the answer's headers say of it. */
export interface FileDownload {
  /** As the server says it, from whoever uploaded it: hostile, it may hold a path or anything else. */
  readonly fileName: string | undefined
  readonly contentType: string | undefined
  /** Size of the whole file, where the server says so. */
  readonly totalBytes: number | undefined
  /** Where in the file the body begins: 0, unless the server obeyed the wish for a later byte. */
  readonly fromByte: number
  /** By which the server tells this version of the file from another one: for `ifRange`. */
  readonly validator: string | undefined
  /** Of the whole file, as the server says. */
  readonly digest: FileDigest | undefined
  /** To be read once. Throws as `Download.body` does. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Reads the headers of a download. Pure. */
export function fileDownload({status, headers, body}: Download): FileDownload {
  const range = status === 206 ? contentRange(headers['content-range']) : undefined
  return {
    fileName: dispositionName(headers['content-disposition']),
    contentType: headers['content-type'],
    totalBytes: range === undefined ? lengthOf(headers['content-length']) : range.totalBytes,
    fromByte: range?.fromByte ?? 0,
    validator: validatorOf(headers),
    digest: fileDigest(headers, range === undefined),
    body,
  }
}

function lengthOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

/** A second may hold two versions; RFC 9110 trusts a date from the server's own clock only when it is clearly past. */
const SURE_AFTER_MS = 60_000

/** A strong ETag, or else a date that is sure (RFC 9110, 8.8.2.2): `If-Range` takes no other. */
function validatorOf({etag, 'last-modified': modified, date}: Download['headers']): string | undefined {
  if (etag !== undefined && /^"[^"]*"$/.test(etag)) return etag
  const ageMs = Date.parse(date ?? '') - Date.parse(modified ?? '')
  return ageMs >= SURE_AFTER_MS ? modified : undefined
}
