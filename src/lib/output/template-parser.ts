import type {TemplateSpans} from 'mustache'
import {VezaError} from '../errors/veza-error.js'

/** A template in parts. A section is shown for each element of a list, or once. */
export type TemplatePart =
  | {readonly type: 'text'; readonly text: string}
  | {readonly type: 'value'; readonly name: string}
  | {readonly type: 'section' | 'inverted'; readonly name: string; readonly parts: readonly TemplatePart[]}

type Token = TemplateSpans[number]

/**
 * Reads a mustache template; `{{{name}}}` and `{{&name}}` mean `{{name}}`. Mustache is loaded here, on first use.
 * @param source what the template is in an error, such as `--format`.
 * @throws {VezaError} `usage` for an error in its syntax, which says where, and for partials and changed delimiters.
 */
export async function parseTemplate(text: string, source: string): Promise<readonly TemplatePart[]> {
  const {default: mustache} = await import('mustache')
  try {
    return mustache.parse(text, ['{{', '}}']).flatMap(token => partOf(token, text, source))
  } catch (error) {
    throw error instanceof VezaError ? error : syntaxError(text, source, error)
  }
}

function partOf(token: Token, text: string, source: string): TemplatePart[] {
  const [kind, name, start, , inner] = token
  const parts = () => (Array.isArray(inner) ? inner.flatMap(each => partOf(each, text, source)) : [])
  switch (kind) {
    case 'text':
      return [{type: 'text', text: name}]
    case 'name':
    case '&':
      return [{type: 'value', name}]
    case '#':
      return [{type: 'section', name, parts: parts()}]
    case '^':
      return [{type: 'inverted', name, parts: parts()}]
    case '!':
      return []
    default: {
      const what = kind === '>' ? 'partials' : 'other delimiters'
      throw new VezaError('usage', `${source} has no ${what}: {{${kind} at ${placeIn(text, start)}`)
    }
  }
}

/** Mustache says `Unclosed tag at 12`; for that one it gives the end of the text, for a section that of the tag. */
function syntaxError(text: string, source: string, error: unknown): VezaError {
  const said = error instanceof Error ? error.message : ''
  const [, what = 'a tag that cannot be read', offset = '0'] = /^(.*) at (\d+)$/.exec(said) ?? []
  const at = what === 'Unclosed tag' ? text.lastIndexOf('{{') : Number(offset)
  return new VezaError('usage', `${source}: ${what.toLowerCase()} at ${placeIn(text, at)}`, {
    hint: 'a value is {{name}}, a section {{#name}}...{{/name}}',
  })
}

function placeIn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  const column = `character ${(lines.at(-1)?.length ?? 0) + 1}`
  return text.includes('\n') ? `line ${lines.length}, ${column}` : column
}
