import {VezaError} from '../../errors/veza-error.js'
import type {OutputFormat} from '../../output/renderers/renderer.js'
import {checkList} from '../../output/shape/names.js'
import {parseSortKeys, type SortKey} from '../../output/shape/sort.js'
import {nearest} from '../nearest.js'
import {FORMAT_WORDS, type ShapeFlags} from './flags.js'

/** Formats that have columns to choose. */
const WITH_COLUMNS: readonly OutputFormat[] = ['text', 'table', 'csv', 'tsv']

/** How fields are chosen where there are no columns. */
const OTHER_CHOICE = "of JSON, --jq chooses fields: --jq '{id, name}', of a list --jq '.[] | {id, name}'"

/** What the flags ask of the output. */
export interface OutputPlan {
  readonly format: OutputFormat
  /** The text of a template, or the file it is in. */
  readonly template?: TemplatePlan | undefined
  /** Whether jq gets each record of a list by itself. */
  readonly eachRecord: boolean
  readonly jq?: string | undefined
  readonly columns?: readonly string[] | undefined
  readonly sort?: readonly SortKey[] | undefined
}

/** Where a template is from. */
export type TemplatePlan = {readonly source: string} & ({readonly text: string} | {readonly file: string})

/**
 * What the flags ask for, with `--json` or the setting `format` behind them.
 * @throws {VezaError} `usage` for flags that do not go together, formats and names that are none.
 */
export function readOutputPlan(flags: ShapeFlags & {readonly json?: boolean}, isJson: boolean): OutputPlan {
  const {format: word, template} = readFormat(flags)
  const {jq} = flags
  if (jq !== undefined && template !== undefined) throw exclusive(template.source, '--jq')
  if (jq !== undefined && word !== undefined && word !== 'json' && word !== 'ndjson')
    throw exclusive(`--format ${word}`, '--jq')
  const format = jq === undefined ? (word ?? (isJson ? 'json' : 'text')) : 'jq'
  const columns = flags.columns?.split(',').map(name => name.trim())
  if (columns !== undefined) {
    if (!WITH_COLUMNS.includes(format)) throw exclusive('--columns', wordOf(format, template), OTHER_CHOICE)
    checkList(columns, '--columns')
  }
  const sort = flags.sort === undefined ? undefined : parseSortKeys(flags.sort)
  if (sort !== undefined)
    checkList(
      sort.map(({name}) => name),
      '--sort',
    )
  return {format, template, jq, columns, sort, eachRecord: word === 'ndjson'}
}

interface ReadFormat {
  readonly format: Exclude<OutputFormat, 'jq'> | undefined
  readonly template?: TemplatePlan | undefined
}

function readFormat({format: text, template, json}: ShapeFlags & {readonly json?: boolean}): ReadFormat {
  const word = FORMAT_WORDS.find(candidate => candidate === text)
  const inline = text !== undefined && word === undefined ? templateIn(text) : undefined
  const given = inline ?? (template === undefined ? undefined : templateOf(template))
  if (template !== undefined && text !== undefined && word !== 'template')
    throw exclusive('--format', '--template')
  if (word === 'template' && given === undefined)
    throw new VezaError('usage', '--format template wants --template', {hint: "such as --template '{{id}}'"})
  const format = given === undefined ? word : 'template'
  if (json && format !== undefined && format !== 'json' && format !== 'ndjson')
    throw exclusive(given === undefined || text !== undefined ? '--format' : '--template', '--json')
  return {format, template: given}
}

/** A text that is no word is a template: braces, or a mark such as a full stop for each record. */
function templateIn(text: string): TemplatePlan {
  if (!/^[A-Za-z]*$/.test(text)) return {source: '--format', text}
  const near = nearest(text.toLowerCase(), FORMAT_WORDS)
  throw new VezaError('usage', `--format wants one of: ${FORMAT_WORDS.join(', ')}`, {
    hint: near === undefined ? "or a template, such as '{{id}} {{content}}'" : `did you mean ${near}?`,
  })
}

function templateOf(text: string): TemplatePlan {
  const source = '--template'
  return text.startsWith('@') ? {source, file: text.slice(1)} : {source, text}
}

function wordOf(format: OutputFormat, template: TemplatePlan | undefined): string {
  if (format === 'jq' || format === 'json') return `--${format}`
  return template?.source ?? `--format ${format}`
}

function exclusive(one: string, other: string, hint?: string): VezaError {
  return new VezaError('usage', `give ${one} or ${other}, not both`, {hint})
}
