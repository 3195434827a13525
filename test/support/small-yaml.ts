/** What a YAML file holds. */
export type Yaml = string | Yaml[] | {readonly [key: string]: Yaml}

interface Line {
  readonly indent: number
  readonly text: string
  readonly number: number
}

const KEY = /^("[^"]*"|'[^']*'|[\w.$@-]+):(?: (.*))?$/

/**
 * Reads the YAML that action.yml, ci/ and docs/ci.md are written in: block maps and lists, literal blocks (`|`), one-line
 * lists (`[a, b]`), and scalars, all of which are texts. Whatever else there is, it refuses, with the number of its line.
 */
export function readYaml(source: string): Yaml {
  const reader = new Reader(source.split('\n'))
  const value = reader.node(0)
  reader.end()
  return value
}

class Reader {
  readonly #lines: readonly string[]
  #at = 0

  constructor(lines: readonly string[]) {
    this.#lines = lines
  }

  node(indent: number): Yaml {
    return this.#peek()?.text.startsWith('- ') ? this.#list(indent) : this.#map(indent)
  }

  end(): void {
    const line = this.#peek()
    if (line !== undefined) throw new Error(`line ${line.number}: not understood: ${line.text}`)
  }

  #map(indent: number): Yaml {
    const entries: Record<string, Yaml> = {}
    for (let line = this.#peek(); line?.indent === indent; line = this.#peek()) {
      const [, key, rest] = KEY.exec(line.text) ?? []
      if (key === undefined || Object.hasOwn(entries, key)) this.end()
      this.#at = line.number
      entries[scalar(key ?? '')] = this.#value(rest, indent)
    }
    return entries
  }

  #list(indent: number): Yaml {
    const items: Yaml[] = []
    for (let line = this.#peek(); line?.indent === indent; line = this.#peek()) {
      const [, rest] = /^- (.+)$/.exec(line.text) ?? []
      if (rest === undefined) this.end()
      const isNested = KEY.test(rest ?? '')
      if (isNested) items.push(this.#nestedItem(line, rest ?? ''))
      else {
        this.#at = line.number
        items.push(this.#value(rest, indent))
      }
    }
    return items
  }

  /** `- key: value`: the item is a map whose first line stands behind the dash. */
  #nestedItem({indent, number}: Line, rest: string): Yaml {
    const lines = [...this.#lines]
    lines[number - 1] = `${' '.repeat(indent + 2)}${rest}`
    const inner = new Reader(lines)
    inner.#at = number - 1
    const item = inner.#map(indent + 2)
    this.#at = inner.#at
    return item
  }

  #value(rest: string | undefined, indent: number): Yaml {
    if (rest === '|') return this.#literal(indent)
    if (rest !== undefined) return /^\[.*\]$/.test(rest) ? rest.slice(1, -1).split(', ') : scalar(rest)
    const next = this.#peek()
    return next !== undefined && next.indent > indent ? this.node(next.indent) : ''
  }

  #literal(indent: number): string {
    const from = this.#at
    const isInside = (line: string | undefined): boolean =>
      line !== undefined && (line.trim() === '' || line.search(/\S/) > indent)
    while (isInside(this.#lines[this.#at])) this.#at += 1
    const lines = this.#lines.slice(from, this.#at)
    const depth = Math.max(0, lines[0]?.search(/\S/) ?? 0)
    return `${lines
      .map(line => line.slice(depth))
      .join('\n')
      .trimEnd()}\n`
  }

  /** The next line that says something. */
  #peek(): Line | undefined {
    for (let index = this.#at; index < this.#lines.length; index++) {
      const text = this.#lines[index] ?? ''
      if (/^\s*(#.*)?$/.test(text)) continue
      return {indent: text.search(/\S/), text: text.trim(), number: index + 1}
    }
    return undefined
  }
}

function scalar(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text)
  if (quoted !== null) return quoted[2] ?? ''
  if (/^[&*!>%@`{["']|: | #/.test(text)) throw new Error(`not understood: ${text}`)
  return text
}
