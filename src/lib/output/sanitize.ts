/**
 * Text that other people typed, made safe for a terminal. Escape sequences are removed; what could still move the
 * cursor, reverse the text or hide in it is shown as `\u{202e}`. JSON output does not pass through here: it is exact.
 */

/** An operating system command, device control string and the like: introducer, payload, BEL or ST. */
const CONTROL_STRING = /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)/g

/** A control sequence: colours, cursor movement, modes. */
const CONTROL_SEQUENCE = /(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]/g

/** ESC, intermediates, one final character. Last, so that it also takes the introducer of a string without an end. */
const SHORT_ESCAPE = /\x1b[\x20-\x2f]*[\x30-\x7e]/g

const UNSAFE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u

const EACH_UNSAFE = new RegExp(UNSAFE.source, 'gu')

/**
 * Makes text of several lines safe to show: newlines and tabs stay (a CR before a newline goes), escape sequences are
 * removed, every other control, bidi or tag character is shown as `\u{hex}`. Safe text is returned unchanged.
 */
export function sanitizeText(text: string): string {
  if (!UNSAFE.test(text)) return text
  return text
    .replace(CONTROL_STRING, '')
    .replace(CONTROL_SEQUENCE, '')
    .replace(SHORT_ESCAPE, '')
    .replaceAll('\r\n', '\n')
    .replace(EACH_UNSAFE, visible)
}

/** As `sanitizeText`, for one line (a cell, an error): a newline is shown as `⏎` and a tab as `⇥`. */
export function sanitizeLine(text: string): string {
  return sanitizeText(text).replaceAll('\n', '⏎').replaceAll('\t', '⇥')
}

function visible(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`
}
