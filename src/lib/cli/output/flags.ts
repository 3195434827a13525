import {custom} from '@oclif/core/flags'

const OUTPUT = {helpGroup: 'OUTPUT'}

/** What `--format` takes by name. */
export const FORMAT_WORDS = ['text', 'table', 'json', 'ndjson', 'csv', 'tsv', 'template'] as const

/** The flags that shape what a command prints; see docs/output.md. */
export const shapeFlags = {
  /** `words`: those that completion offers. */
  format: custom<string, {readonly words: readonly string[]}>({
    ...OUTPUT,
    summary: 'text, table, json, ndjson, csv, tsv, or a template such as "{{id}} {{content}}"',
    helpValue: 'FORMAT',
  })({words: FORMAT_WORDS}),
  columns: custom<string>({
    ...OUTPUT,
    summary: 'Just these columns: headers or JSON fields, by commas, such as id,other_user.username',
    helpValue: 'NAMES',
  })(),
  sort: custom<string>({
    ...OUTPUT,
    summary: 'Sort a list by columns or JSON fields, by commas; - before a name turns it round',
    helpValue: 'NAMES',
  })(),
  template: custom<string>({
    ...OUTPUT,
    summary: 'A template for each record, @FILE to read one',
    helpValue: 'TEMPLATE',
  })(),
  jq: custom<string>({
    ...OUTPUT,
    summary: 'Filter the JSON with jq; texts are printed as they are',
    helpValue: 'FILTER',
  })(),
}

/** What these flags parse to. */
export interface ShapeFlags {
  readonly format?: string | undefined
  readonly columns?: string | undefined
  readonly sort?: string | undefined
  readonly template?: string | undefined
  readonly jq?: string | undefined
}

const NAMES = ['format', 'columns', 'sort', 'template', 'jq'] as const

/** The flags that shape the output, but those that the command has a meaning of its own for. */
export function shapeFlagsOf(flags: ShapeFlags, own: Readonly<Record<string, unknown>>): ShapeFlags {
  const given = NAMES.filter(name => flags[name] !== undefined && !Object.hasOwn(own, name))
  return Object.fromEntries(given.map(name => [name, flags[name]]))
}
