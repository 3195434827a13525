/** What a terminal could act on and JSON.stringify leaves as it is: DEL, C1, bidi controls, line separators, tags. */
const TERMINAL_UNSAFE =
  /[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu

/**
 * One JSON document with a final newline: indented at a terminal, one line elsewhere. The values are exact; at a
 * terminal, characters it could act on are written as JSON escapes, which reads back the same.
 */
export function jsonDocument(value: unknown, isTTY: boolean): string {
  return isTTY ? `${escapeForTerminal(JSON.stringify(value, null, 2))}\n` : `${JSON.stringify(value)}\n`
}

/** JSON that is there already, safe for a terminal. */
export function jsonText(json: string, isTTY: boolean): string {
  return isTTY ? escapeForTerminal(json) : json
}

/** One NDJSON record: one line whatever the stream, its values exact as in `jsonDocument`. */
export function jsonRecord(value: unknown, isTTY: boolean): string {
  return `${jsonText(JSON.stringify(value), isTTY)}\n`
}

function escapeForTerminal(json: string): string {
  return json.replace(TERMINAL_UNSAFE, character =>
    Array.from({length: character.length}, (_, index) => escapeUnit(character.charCodeAt(index))).join(''),
  )
}

/** JSON escapes UTF-16 units, two for a character beyond U+FFFF. */
function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
