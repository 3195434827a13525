const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu

/**
 * Text of a server made fit for an error message: one line, without control characters, escape sequences or bidi
 * overrides, at most `maxLength` characters.
 */
export function printable(text: string, maxLength = 300): string {
  const line = text
    .slice(0, maxLength * 4)
    .replace(INVISIBLE, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const characters = Array.from(line)
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`
}
