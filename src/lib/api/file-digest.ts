import type {Download} from '../http/types.js'

/** What a file must hash to. */
export interface FileDigest {
  readonly algorithm: 'sha-256'
  /** In lower-case hex. */
  readonly value: string
}

/**
 * The SHA-256 of the whole file that a server gives with it: `Repr-Digest` of RFC 9530, `Digest` of RFC 3230 before it, an ETag that
 * says of itself that it is one, and `Content-Digest`, but that only where the body is the whole. Undefined where none is readable. Pure.
 */
export function fileDigest(headers: Download['headers'], isWhole: boolean): FileDigest | undefined {
  const value =
    member(headers['repr-digest']) ??
    (isWhole ? member(headers['content-digest']) : undefined) ??
    former(headers.digest) ??
    ofTag(headers.etag)
  return value === undefined ? undefined : {algorithm: 'sha-256', value}
}

/** `sha-256=:BASE64:` in a dictionary of RFC 9651. */
function member(header = ''): string | undefined {
  return hexOf(/(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(header)?.[1])
}

/** `SHA-256=BASE64` in a list. */
function former(header = ''): string | undefined {
  return hexOf(/(?:^|,)\s*sha-256=([A-Za-z0-9+/]{43}=)\s*(?:,|$)/i.exec(header)?.[1])
}

/** `"sha256:HEX"` or `"sha256-BASE64"`. */
function ofTag(etag = ''): string | undefined {
  const [, hex, base64] = /^"sha-?256(?::([0-9a-f]{64})|-([A-Za-z0-9+/]{43}=))"$/i.exec(etag) ?? []
  return hex?.toLowerCase() ?? hexOf(base64)
}

function hexOf(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex')
}
