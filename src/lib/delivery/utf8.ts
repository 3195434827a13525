/** Offset of the first byte that is no UTF-8: there the text, encoded again, differs. */
export function invalidUtf8Offset(bytes: Buffer): number {
  let offset = 0
  for (const character of bytes.toString('utf8')) {
    const encoded = Buffer.from(character)
    if (!bytes.subarray(offset, offset + encoded.length).equals(encoded)) break
    offset += encoded.length
  }
  return offset
}
