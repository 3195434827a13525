import type {Contributor, PeakActivity, RoomStats} from '../../../contract/resources.js'
import {barChart} from '../charts/bar-chart.js'
import type {Canvas, ChartStyle} from '../charts/canvas.js'
import {sparkline} from '../charts/sparkline.js'
import {sanitizeLine} from '../sanitize.js'
import type {Column, View, ViewContext} from './view.js'

/** Messages of an hour or a day. */
export interface HistoryCount {
  /** The beginning of the hour or day in UTC, RFC 3339. */
  readonly at: string
  readonly message_count: number
}

/** What the client has counted in a room's history, oldest first. */
export interface HistoryCounts {
  readonly by: 'hour' | 'day'
  /** The beginning of the period, RFC 3339: the first hour or day may have begun before it. */
  readonly since: string
  readonly messages_read: number
  readonly counts: readonly HistoryCount[]
}

/** What `rooms stats` shows: the server's words, and what the client has counted where that was asked for. */
export interface RoomStatsReport extends RoomStats {
  readonly history?: HistoryCounts
}

const CONTRIBUTORS = 'top contributors'
const HOURS_OF_DAY = 24
/** Above the lines of a day. */
const HOURS = '0     6     12    18'

const totals: readonly Column<RoomStatsReport>[] = [
  {header: 'messages', value: stats => stats.message_count},
  {header: 'active users', value: stats => stats.active_users},
  {header: 'new members', value: stats => stats.new_members},
  {header: 'pinned', value: stats => stats.pinned_messages},
  {header: 'reactions', value: stats => stats.reactions_count},
  {header: 'peak', value: stats => peakText(stats.peak_activity), paint: (text, style) => style.bold(text)},
]

/** The view of these statistics: a field for each number, or, where there is a style for them, charts of those in a row. */
export function roomStatsView(stats: RoomStatsReport, style?: ChartStyle): View<RoomStatsReport> {
  const {history, top_contributors: contributors = []} = stats
  const columns = [...totals, ...contributors.map(asField), ...(history?.counts ?? []).map(countField)]
  return style === undefined ? {columns} : {columns, fields: [...totals, ...charts(stats, style)]}
}

function charts(
  {history, top_contributors = []}: RoomStatsReport,
  style: ChartStyle,
): Column<RoomStatsReport>[] {
  const fields: Column<RoomStatsReport>[] = []
  const titles = [CONTRIBUTORS, `by ${history?.by ?? 'hour'} (UTC)`]
  const indent = Math.max(...titles.map(title => title.length)) + 2
  const canvasOf = ({width}: ViewContext): Canvas => ({...style, width: Math.max(1, width - indent)})
  if (top_contributors.length > 0) {
    const bars = top_contributors.map(one => ({label: nameOf(one), value: one.message_count ?? 0}))
    fields.push({
      header: CONTRIBUTORS,
      value: (_stats, context) => barChart(bars, canvasOf(context)).join('\n'),
    })
  }
  if (history !== undefined) {
    const draw = history.by === 'day' ? daysChart : hoursChart
    const header = `by ${history.by} (UTC)`
    fields.push({header, value: (_stats, context) => draw(history.counts, canvasOf(context)).join('\n')})
  }
  return fields
}

function daysChart(counts: readonly HistoryCount[], canvas: Canvas): string[] {
  return barChart(
    counts.map(({at, message_count}) => ({label: at.slice(0, 10), value: message_count})),
    canvas,
  )
}

/** A line a day with a character an hour, all on one scale. */
function hoursChart(counts: readonly HistoryCount[], canvas: Canvas): string[] {
  const days = new Map<string, number[]>()
  for (const {at, message_count} of counts) {
    const day = at.slice(0, 10)
    const hours = days.get(day) ?? new Array<number>(HOURS_OF_DAY).fill(0)
    hours[Number(at.slice(11, 13))] = message_count
    days.set(day, hours)
  }
  const sums = [...days.values()].map(hours => hours.reduce((sum, hour) => sum + hour, 0))
  const sumWidth = String(Math.max(0, ...sums)).length
  const dayWidth = '2026-11-22  '.length
  const width = Math.min(HOURS_OF_DAY, Math.max(1, canvas.width - dayWidth - sumWidth - 2))
  const max = counts.reduce((most, {message_count}) => Math.max(most, message_count), 0)
  const scale = width === HOURS_OF_DAY ? max : undefined
  const lines = [...days].map(([day, hours], index) => {
    const line = sparkline(hours, {...canvas, width}, scale)
    return `${day}  ${line}  ${String(sums[index]).padStart(sumWidth)}`
  })
  return width === HOURS_OF_DAY ? [`${' '.repeat(dayWidth)}${HOURS}`, ...lines] : lines
}

function asField(contributor: Contributor): Column<RoomStatsReport> {
  return {header: sanitizeLine(`by ${nameOf(contributor)}`), value: () => contributor.message_count}
}

function countField({at, message_count}: HistoryCount): Column<RoomStatsReport> {
  return {header: at, value: () => message_count}
}

function nameOf({id, username}: Contributor): string {
  return username ?? (id === undefined ? 'somebody' : `user ${id}`)
}

function peakText(peak: PeakActivity | null | undefined): string | undefined {
  if (peak === undefined || peak === null) return undefined
  const {date, hour, message_count} = peak
  const clock = hour === undefined ? undefined : `${String(hour).padStart(2, '0')}:00`
  const when = [date, clock].filter(part => part !== undefined).join(' ')
  return message_count === undefined
    ? when
    : `${when} (${message_count} message${message_count === 1 ? '' : 's'})`
}
