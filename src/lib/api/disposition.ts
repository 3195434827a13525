/** `filename*=UTF-8''...` of RFC 8187. */
const EXTENDED = /(?:^|;)\s*filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^;\s]+)/i
/** `filename="..."` with its escapes, or a bare word. */
const PLAIN = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s]+))/i

/**
 * The file name in a `Content-Disposition` (RFC 6266), the extended form first. As hostile as whoever uploaded the file: nothing is
 * taken away. Undefined where none is readable. Pure.
 */
export function dispositionName(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const [, charset, encoded] = EXTENDED.exec(header) ?? []
  const extended = encoded === undefined ? undefined : decoded(encoded, charset)
  if (extended !== undefined) return extended
  const [, quoted, word] = PLAIN.exec(header) ?? []
  const plain = quoted === undefined ? word : quoted.replace(/\\(.)/g, '$1')
  return plain === undefined || plain === '' ? undefined : asUtf8(plain)
}

function decoded(text: string, charset = ''): string | undefined {
  const latin1 = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return charset.toLowerCase() === 'utf-8' ? utf8(latin1) : latin1
}

/** Node reads headers as Latin-1, where servers write UTF-8. */
function asUtf8(text: string): string {
  return utf8(text) ?? text
}

/** The text that the bytes, one in each character, are in UTF-8; undefined where they are not. */
function utf8(text: string): string | undefined {
  const bytes = Buffer.from(text, 'latin1')
  if (bytes.toString('latin1') !== text) return undefined
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch {
    return undefined
  }
}
