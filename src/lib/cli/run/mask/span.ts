/** A part of a text: from `start` up to, but not including, `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Finds what must not be shown of a text. */
export type Finder = (text: string) => Iterable<Span>

/** Every place of each literal, overlapping ones too. */
export function literalFinder(literals: readonly string[]): Finder {
  return function* find(text) {
    for (const literal of literals) {
      for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1))
        yield {start: at, end: at + literal.length}
    }
  }
}

/** What a global pattern matches, of one with a group `secret` that group. */
export function patternFinder({source, flags}: RegExp): Finder {
  const pattern = new RegExp(source, [...new Set(`${flags}dg`)].join(''))
  return function* find(text) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.secret ?? match.indices?.[0] ?? [0, 0]
      if (end > start) yield {start, end}
    }
  }
}

/** Spans in order, those that touch made one. */
export function merged(spans: Iterable<Span>): readonly Span[] {
  const result: Span[] = []
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last !== undefined && span.start <= last.end)
      result[result.length - 1] = {start: last.start, end: Math.max(last.end, span.end)}
    else result.push(span)
  }
  return result
}
