import {VezaError} from '../errors/veza-error.js'
import {ownValue, valueText} from './own-value.js'
import {parseTemplate, type TemplatePart} from './template-parser.js'

/** How a template is read, and how its values are shown. */
export interface ReadOptions {
  /** What the template is in an error, such as `--format`. */
  readonly source: string
  /** Makes each value fit to be shown: `sanitizeLine`, `sanitizeText`, or `String` to keep it exact. */
  readonly clean: (value: string) => string
  /** Whether `\n`, `\t` and `\\` in the template mean a newline, a tab and a backslash, as typed in a shell. Default false. */
  readonly escapes?: boolean
}

/** The same, and what a template may use. */
export interface TemplateOptions extends ReadOptions {
  /** The names there are; `metadata.*` is `metadata` and whatever is in it. */
  readonly fields: readonly string[]
  /** The field that a mistyped name may stand for. */
  readonly suggest?: (name: string, fields: readonly string[]) => string | undefined
}

/** Fills a template in. What has no value is shown as nothing, what is no text or number as JSON. */
export type Template = (values: Readonly<Record<string, unknown>>) => string

const ESCAPED: Readonly<Record<string, string>> = {n: '\n', t: '\t', '\\': '\\'}

/**
 * Compiles a mustache template: `{{name}}`, `{{#name}}...{{/name}}` where there is a value other than 0, false and empty
 * ones, `{{^name}}...{{/name}}` where not. Runs no code and escapes no HTML. The result ends as the template does: whoever
 * writes it adds the newline.
 * @throws {VezaError} `usage` for a name that is none of `fields`, with the nearest one, and as `parseTemplate`.
 */
export async function compileTemplate(text: string, options: TemplateOptions): Promise<Template> {
  const parsed = await parseTemplate(text, options.source)
  checkNames(parsed, options)
  return fillerOf(parsed, options)
}

/** A template whose names are checked by whoever knows the records. */
export interface OpenTemplate {
  readonly fill: Template
  /** What it wants of a record, sections included; what stands in a section may be of its items and is left out. */
  readonly names: readonly string[]
}

/** As `compileTemplate`, whatever names there are. @throws {VezaError} `usage` as `parseTemplate`. */
export async function readTemplate(text: string, options: ReadOptions): Promise<OpenTemplate> {
  const parsed = await parseTemplate(text, options.source)
  const names = parsed.flatMap(part => (part.type === 'text' || part.name === '.' ? [] : [part.name]))
  return {fill: fillerOf(parsed, options), names}
}

function fillerOf(parsed: readonly TemplatePart[], {clean, escapes}: ReadOptions): Template {
  const parts = escapes ? unescaped(parsed) : parsed
  return values => render(parts, [values], clean)
}

function checkNames(parts: readonly TemplatePart[], options: TemplateOptions): void {
  for (const part of parts) {
    if (part.type === 'text') continue
    const {name} = part
    if (!isKnown(name, options.fields)) throw unknownName(name, options)
    // What is in an open field, nobody knows beforehand.
    const isOpen = part.type === 'section' && options.fields.some(field => isUnder(name, field))
    if (part.type !== 'value' && !isOpen) checkNames(part.parts, options)
  }
}

function isKnown(name: string, fields: readonly string[]): boolean {
  return fields.some(field => field === name || isUnder(name, field))
}

function isUnder(name: string, field: string): boolean {
  if (!field.endsWith('.*')) return false
  const parent = field.slice(0, -2)
  return name === parent || name.startsWith(`${parent}.`)
}

function unknownName(name: string, {fields, source, suggest}: TemplateOptions): VezaError {
  const shown = /^[\w.-]{1,64}$/.test(name) ? name : '(unreadable)'
  const names = fields.map(field => field.replace(/\.\*$/, ''))
  const near = suggest?.(name, names)
  const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`
  return new VezaError('usage', `${source}: there is no field ${shown}`, {hint})
}

function unescaped(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  return parts.map(part => {
    if (part.type === 'value') return part
    if (part.type !== 'text') return {...part, parts: unescaped(part.parts)}
    return {
      type: 'text',
      text: part.text.replace(/\\([nt\\])/g, (_, letter: string) => ESCAPED[letter] ?? ''),
    }
  })
}

/** Not by mustache itself: it also finds what an object inherits, and calls what it finds. Inner scopes come first. */
function render(
  parts: readonly TemplatePart[],
  scopes: readonly unknown[],
  clean: (value: string) => string,
): string {
  let result = ''
  for (const part of parts) {
    if (part.type === 'text') {
      result += part.text
      continue
    }
    const value = lookUp(part.name, scopes)
    if (part.type === 'value') result += clean(valueText(value))
    else if (part.type === 'section') {
      for (const item of itemsOf(value)) result += render(part.parts, [item, ...scopes], clean)
    } else if (itemsOf(value).length === 0) result += render(part.parts, scopes, clean)
  }
  return result
}

/** How often a section is shown, and with what. */
function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value ? [value] : []
}

function lookUp(name: string, scopes: readonly unknown[]): unknown {
  if (name === '.') return scopes[0]
  const [first = '', ...rest] = name.split('.')
  const scope = scopes.find(candidate => ownValue(candidate, first) !== undefined)
  return rest.reduce(ownValue, ownValue(scope, first))
}
