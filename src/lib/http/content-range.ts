/** Which part of a file a body is: `Content-Range` of RFC 9110. */
export interface ContentRange {
  /** The first byte, from 0. */
  readonly fromByte: number
  /** The last byte, which is part of it. */
  readonly toByte: number
  /** The size of the file; undefined where the server does not know it. */
  readonly totalBytes: number | undefined
}

const FORM = /^\s*bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)\s*$/i

/** Reads a `Content-Range`. Undefined where there is none, and for one that cannot be. Pure. */
export function contentRange(value: string | undefined): ContentRange | undefined {
  const [, from, to, total] = FORM.exec(value ?? '') ?? []
  const [fromByte, toByte] = [Number(from), Number(to)]
  const totalBytes = total === undefined || total === '*' ? undefined : Number(total)
  if (!(fromByte <= toByte) || (totalBytes !== undefined && toByte >= totalBytes)) return undefined
  return {fromByte, toByte, totalBytes}
}
