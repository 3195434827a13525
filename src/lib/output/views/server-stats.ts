import type {ServerStats} from '../../../contract/resources.js'
import {barChart} from '../charts/bar-chart.js'
import type {Canvas, ChartStyle} from '../charts/canvas.js'
import {type Series, seriesOf} from '../charts/series.js'
import {sparkline} from '../charts/sparkline.js'
import {truncate} from '../formats/layout.js'
import {sanitizeLine} from '../sanitize.js'
import type {Column, View} from './view.js'

/** An object may be as deep as its server likes. */
const DEEPEST = 8
/** A name so long is no name. Counted in UTF-16 units. */
const LONGEST_NAME = 48

interface Leaf {
  readonly path: string
  readonly value: unknown
  readonly series?: Series
}

/**
 * The view of an object that nobody has described (section 4 of the contract, `GET /admin/stats`): each value under its path,
 * `users.active`, or, where there is a style for them, numbers in a row as a chart.
 */
export function serverStatsView(stats: ServerStats, style?: ChartStyle): View<ServerStats> {
  const columns = leavesOf(stats, '', 0, () => undefined).map(leaf => plainField(leaf))
  if (style === undefined) return {columns}
  const leaves = leavesOf(stats, '', 0, seriesOf)
  const indent = leaves.reduce((most, {path}) => Math.max(most, headerOf(path).length), 0) + 2
  return {columns, fields: leaves.map(leaf => chartField(leaf, style, indent))}
}

function leavesOf(
  value: unknown,
  path: string,
  depth: number,
  find: (value: unknown) => Series | undefined,
): readonly Leaf[] {
  const isInner = typeof value === 'object' && value !== null
  const series = isInner && path !== '' ? find(value) : undefined
  if (series !== undefined) return [{path, value, series}]
  if (!isInner || depth === DEEPEST) return path === '' ? [] : [{path, value}]
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(inner, path === '' ? name : `${path}.${name}`, depth + 1, find),
  )
}

function plainField({path, value}: Leaf): Column<ServerStats> {
  return {header: headerOf(path), value: () => plainText(value)}
}

function chartField(leaf: Leaf, style: ChartStyle, indent: number): Column<ServerStats> {
  const {path, series} = leaf
  if (series === undefined) return plainField(leaf)
  return {
    header: headerOf(path),
    value: (_stats, {width}) => draw(series, {...style, width: Math.max(1, width - indent)}),
  }
}

function draw({isTimeline, points}: Series, canvas: Canvas): string {
  if (!isTimeline) return barChart(points, canvas).join('\n')
  const line = sparkline(
    points.map(({value}) => value),
    canvas,
  )
  const highest = points.reduce((most, point) => (point.value > most.value ? point : most))
  const most = highest.value > 0 ? `, most ${highest.value} at ${highest.label}` : ''
  return `${line}\n${sanitizeLine(`${points[0]?.label} to ${points.at(-1)?.label}${most}`)}`
}

function plainText(value: unknown): string | number | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'number' || typeof value === 'string') return value
  // Deeper than anybody reads; to write it as JSON could take more stack than there is.
  if (typeof value === 'object') return Array.isArray(value) ? '[...]' : '{...}'
  return String(value)
}

function headerOf(path: string): string {
  return truncate(sanitizeLine(path), LONGEST_NAME, text => text.length)
}
