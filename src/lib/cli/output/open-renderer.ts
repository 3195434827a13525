import {join} from 'node:path'
import type {Io} from '../../output/io.js'
import type {OutputFormat, Renderer} from '../../output/renderers/renderer.js'
import type {Demand} from '../../output/shape/demand.js'
import {ShapedRenderer} from '../../output/shape/shaped-renderer.js'
import type {ColourLevel} from '../../output/terminal.js'
import {readTextFile} from '../local-file.js'
import {nearest} from '../nearest.js'
import type {ShapeFlags} from './flags.js'
import {type OutputPlan, readOutputPlan, type TemplatePlan} from './plan.js'

/** What a renderer is made of. */
export interface RendererParts {
  readonly io: Io
  readonly colour: ColourLevel
  readonly now: () => Date
  /** Aborted when the command must end. */
  readonly signal: AbortSignal
  /** Tells a person something on stderr. */
  readonly warn: (text: string) => void
  /** The same, where nothing is wrong. */
  readonly notice: (text: string) => void
}

/** A renderer, and the names that a template wants. */
interface Opened {
  readonly renderer: Renderer
  readonly demands?: readonly Demand[]
}

/**
 * The renderer that the flags ask for. What can be wrong with a template or a filter is found here, before anything is asked
 * of a server.
 * @throws {VezaError} `usage` for flags, a template or a filter that cannot be; `file_unreadable`.
 */
export async function openRenderer(
  flags: ShapeFlags & {readonly json?: boolean},
  isJson: boolean,
  parts: RendererParts,
): Promise<Renderer> {
  const plan = readOutputPlan(flags, isJson)
  const {columns, sort} = plan
  const {renderer, demands = []} = await OPENERS[plan.format](plan, parts)
  const all = [
    ...demands,
    ...(columns === undefined ? [] : [{source: '--columns', names: columns, takesHeaders: true}]),
    ...(sort === undefined
      ? []
      : [{source: '--sort', names: sort.map(({name}) => name), takesHeaders: true}]),
  ]
  if (all.length === 0) return renderer
  const {warn, now} = parts
  return new ShapedRenderer(renderer, {columns, sort, demands: all, suggest: nearest, warn, now})
}

type Opener = (plan: OutputPlan, parts: RendererParts) => Promise<Opened>

const OPENERS: Readonly<Record<OutputFormat, Opener>> = {
  text: openText,
  table: openText,
  json: async (_, {io}) => {
    const {JsonRenderer} = await import('../../output/renderers/json.js')
    return {renderer: new JsonRenderer(io)}
  },
  ndjson: async (_, {io}) => {
    const {NdjsonRenderer} = await import('../../output/renderers/ndjson.js')
    return {renderer: new NdjsonRenderer(io)}
  },
  csv: openDelimited,
  tsv: openDelimited,
  template: openTemplate,
  jq: openJq,
}

async function openText({format}: OutputPlan, {io, colour, now}: RendererParts): Promise<Opened> {
  const {TextRenderer} = await import('../../output/renderers/text.js')
  return {renderer: new TextRenderer({io, colour, now, asTable: format === 'table'})}
}

async function openDelimited(plan: OutputPlan, {io, now}: RendererParts): Promise<Opened> {
  const {csvEncoder, encodeTsv} = await import('../../output/formats/delimited.js')
  const {DelimitedRenderer} = await import('../../output/renderers/delimited.js')
  const format = plan.format === 'csv' ? 'csv' : 'tsv'
  const encode = format === 'csv' ? await csvEncoder() : encodeTsv
  return {renderer: new DelimitedRenderer({format, io, encode, now})}
}

async function openTemplate({template}: OutputPlan, {io}: RendererParts): Promise<Opened> {
  const {openOutputTemplate, TemplateRenderer} = await import('../../output/renderers/template.js')
  const source = await readTemplateSource(template)
  const {fill, names} = await openOutputTemplate(source)
  const demands = [{source: source.source, names, takesHeaders: false}]
  return {renderer: new TemplateRenderer(io, fill), demands}
}

/** A file has real newlines, and one at its end that is not meant. */
async function readTemplateSource(template: TemplatePlan | undefined) {
  if (template === undefined) return {source: '--template', text: '', escapes: false}
  if ('text' in template) return {...template, escapes: true}
  const text = (await readTextFile(template.file)).replace(/^\ufeff/, '').replace(/\r?\n$/, '')
  return {source: template.source, text, escapes: false}
}

async function openJq(
  {jq = '.', eachRecord}: OutputPlan,
  {io, signal, notice}: RendererParts,
): Promise<Opened> {
  const {JqFilter} = await import('../../output/jq/jq-filter.js')
  const {JqEachRenderer, JqRenderer} = await import('../../output/renderers/jq.js')
  // This file is bundled into dist/, beside it.
  const workerFile = join(__dirname, 'jq-worker.cjs')
  const filter = await JqFilter.open({filter: jq, workerFile, signal, onNote: notice})
  return {renderer: eachRecord ? new JqEachRenderer(io, filter) : new JqRenderer(io, filter)}
}
