/** A command line of bash up to the cursor, as far as it can be read without running anything of it. */
export interface BashLine {
  /** The words before the cursor's, without quotes; the first is the command. */
  readonly before: readonly string[]
  /** The cursor's word, without quotes. */
  readonly typed: string
  /** The quote that is open at the cursor. */
  readonly quote: '' | "'" | '"'
  /** How much of `typed` stands before the part that readline replaces. */
  readonly keptLength: number
}

/** Characters at which readline begins a new word, as COMP_WORDBREAKS has them by default. */
export const DEFAULT_BREAKS = ` \t\n"'><=;|&(:`

/**
 * Reads a command line as bash splits it. Expansions stay the text that they are: nothing is evaluated.
 * @param line up to the cursor.
 * @param breaks COMP_WORDBREAKS: within a word, what readline replaces begins behind the last of these.
 */
export function readBashLine(line: string, breaks: string): BashLine {
  const reader = new LineReader(breaks)
  for (const character of line) reader.read(character)
  return reader.end()
}

class LineReader {
  readonly #breaks: ReadonlySet<string>
  readonly #before: string[] = []
  #text = ''
  #inWord = false
  #quote: BashLine['quote'] = ''
  #isEscaped = false
  /** Behind the last break outside of quotes. */
  #break = 0
  /** Behind the quote that is open. */
  #open = 0

  constructor(breaks: string) {
    this.#breaks = new Set(breaks)
  }

  read(character: string): void {
    if (this.#isEscaped) this.#escaped(character)
    else if (character === '\\' && this.#quote !== "'") {
      this.#isEscaped = true
      this.#inWord = true
    } else if (this.#quote !== '') this.#quoted(character)
    else if (character === "'" || character === '"') {
      this.#quote = character
      this.#inWord = true
      this.#open = this.#text.length
    } else if (/\s/.test(character)) this.#endWord()
    else {
      this.#add(character)
      if (this.#breaks.has(character)) this.#break = this.#text.length
    }
  }

  end(): BashLine {
    const keptLength = this.#quote === '' ? this.#break : this.#open
    return {before: this.#before, typed: this.#text, quote: this.#quote, keptLength}
  }

  #escaped(character: string): void {
    this.#isEscaped = false
    // Within double quotes a backslash is one but before these.
    if (this.#quote === '"' && !'$`"\\\n'.includes(character)) this.#add('\\')
    if (character !== '\n') this.#add(character)
  }

  #quoted(character: string): void {
    if (character === this.#quote) this.#quote = ''
    else this.#add(character)
  }

  #add(character: string): void {
    this.#text += character
    this.#inWord = true
  }

  #endWord(): void {
    if (this.#inWord) this.#before.push(this.#text)
    this.#text = ''
    this.#inWord = false
    this.#break = 0
  }
}

/**
 * A completed word as readline is to put it in: without the part it keeps, and so that bash reads exactly the word,
 * whatever is in it. It must hold no control characters.
 */
export function insertion(word: string, {quote, keptLength}: Pick<BashLine, 'quote' | 'keptLength'>): string {
  const text = word.slice(keptLength)
  if (quote === "'") return text.replaceAll("'", `'\\''`)
  // An exclamation mark means history there, and a backslash before it would stay.
  if (quote === '"') return text.replace(/[$`"\\]/g, '\\$&').replaceAll('!', `"'!'"`)
  return text.replace(/[^\w./,%+\-\u0080-\u{10ffff}]/gu, '\\$&')
}
