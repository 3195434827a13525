const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const LITERAL = /true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** What may come next, inside whatever is open. */
type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'next'

/** A place in a text, both from 1. A column is a UTF-16 unit, as editors count. */
export interface Place {
  readonly line: number
  readonly column: number
}

/**
 * Where a text stops being JSON: the place of the first character that cannot stand there, or of the end where more was
 * to come. Undefined for JSON. The parser tells a place in some of its messages only, and quotes the text in all of them.
 */
export function jsonFault(text: string): Place | undefined {
  const offset = new Scanner(text).fault()
  if (offset === undefined) return undefined
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/)
  return {line: lines.length, column: (lines.at(-1) ?? '').length + 1}
}

class Scanner {
  readonly #text: string
  /** The brackets that are open, outermost first. */
  readonly #open: string[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  fault(): number | undefined {
    let expected: Expected | undefined = 'value'
    while (expected !== undefined) {
      this.#skip(SPACE)
      if (expected === 'next' && this.#open.length === 0)
        return this.#at < this.#text.length ? this.#at : undefined
      expected = this.#step(expected)
    }
    return this.#at
  }

  /** Reads one token. Undefined where it cannot stand here: the fault is at the current place. */
  #step(expected: Expected): Expected | undefined {
    const character = this.#text[this.#at]
    if (expected === 'colon') return this.#take(character === ':', 'value')
    if (expected === 'next') return this.#next(character)
    if (expected === 'first key' && character === '}') return this.#close()
    if (expected === 'first value' && character === ']') return this.#close()
    if (expected === 'key' || expected === 'first key') return this.#string() ? 'colon' : undefined
    return this.#value(character)
  }

  #next(character: string | undefined): Expected | undefined {
    const inObject = this.#open.at(-1) === '{'
    if (character === (inObject ? '}' : ']')) return this.#close()
    return this.#take(character === ',', inObject ? 'key' : 'value')
  }

  #value(character: string | undefined): Expected | undefined {
    if (character === '{' || character === '[') {
      this.#open.push(character)
      return this.#take(true, character === '{' ? 'first key' : 'first value')
    }
    return this.#string() || this.#skip(NUMBER) || this.#skip(LITERAL) ? 'next' : undefined
  }

  #close(): Expected {
    this.#open.pop()
    this.#at += 1
    return 'next'
  }

  #take(right: boolean, then: Expected): Expected | undefined {
    if (!right) return undefined
    this.#at += 1
    return then
  }

  /** Whether a string was read; where it is broken the current place is inside it. */
  #string(): boolean {
    if (this.#text[this.#at] !== '"') return false
    this.#at += 1
    for (let character = this.#text[this.#at]; character !== '"'; character = this.#text[this.#at]) {
      if (character === undefined || character < ' ') return false
      if (character !== '\\') this.#at += 1
      else if (!this.#skip(ESCAPE)) return false
    }
    this.#at += 1
    return true
  }

  /** Whether the pattern is here; then it is passed. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    const [found = ''] = pattern.exec(this.#text) ?? []
    this.#at += found.length
    return found !== ''
  }
}
