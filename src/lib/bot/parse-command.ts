/** A command as somebody typed it. */
export interface Invocation {
  /** In lower case; empty where nothing stands behind the prefix. */
  readonly name: string
  readonly args: readonly string[]
  /** All behind the name as it was typed, without the space around it. */
  readonly rest: string
}

const ENDS_IN_WORD = /[\p{L}\p{N}]$/u

/**
 * The command that a message begins with, undefined where it does not begin with the prefix. A prefix that ends in a
 * letter or digit, such as `!bot`, needs a space behind it: `!bottle` is no command. One like `!` does not: `!help`.
 */
export function parseCommand(content: string, prefix: string): Invocation | undefined {
  const text = content.trim()
  if (!text.startsWith(prefix)) return undefined
  const behind = text.slice(prefix.length)
  if (ENDS_IN_WORD.test(prefix) && /^\S/.test(behind)) return undefined
  const [, name = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(behind) ?? []
  return {name: name.toLowerCase(), args: splitWords(rest), rest}
}

/** How a command is typed, for help: `!bot ping`, `!ping`. */
export function commandLine(prefix: string, name: string): string {
  return `${prefix}${ENDS_IN_WORD.test(prefix) ? ' ' : ''}${name}`
}

const DOUBLE = /"((?:[^"\\]|\\.)*)"/sy
const SINGLE = /'([^']*)'/y
const PLAIN = /\S+/y
const SPACE = /\s*/y

/**
 * Words apart by space; those with space inside stand in quotes, in double ones with `\"` and `\\`. Only at the begin of
 * a word does a quote count, and only where it is closed, so that `don't` is a word.
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let at = matchAt(SPACE, text, 0)?.[0].length ?? 0
  while (at < text.length) {
    const quoted = quotedAt(text, at)
    const start = at + (quoted?.length ?? 0)
    const plain = matchAt(PLAIN, text, start)?.[0] ?? ''
    words.push(`${quoted?.word ?? ''}${plain}`)
    at = start + plain.length
    at += matchAt(SPACE, text, at)?.[0].length ?? 0
  }
  return words
}

function quotedAt(text: string, at: number): {readonly word: string; readonly length: number} | undefined {
  const double = matchAt(DOUBLE, text, at)
  if (double !== null) return {word: (double[1] ?? '').replace(/\\(["\\])/g, '$1'), length: double[0].length}
  const single = matchAt(SINGLE, text, at)
  return single === null ? undefined : {word: single[1] ?? '', length: single[0].length}
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
