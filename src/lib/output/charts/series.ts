/** A value that a chart can show, and what it is of. */
export interface Point {
  /** Hostile or not. */
  readonly label: string
  readonly value: number
}

/** Numbers in a row. */
export interface Series {
  /** Whether the points follow one another in time; else they stand beside one another. */
  readonly isTimeline: boolean
  readonly points: readonly Point[]
}

type Fields = Readonly<Record<string, unknown>>

/** An hour of the day, a day, or a moment of RFC 3339. */
const TIME =
  /^(?:(?:[01]?\d|2[0-3])(?::00)?|\d{4}-\d\d-\d\d(?:[T ]\d\d(?::\d\d)*(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?)$/
/** What servers call a number in a list of them, the likeliest name first. */
const VALUES = ['message_count', 'count', 'value', 'total']
/** What servers call what such a number is of. */
const LABELS = [
  'username',
  'name',
  'title',
  'label',
  'date',
  'day',
  'time',
  'timestamp',
  'hour',
  'id',
  'user_id',
]

/**
 * Finds out whether a value of an object that nobody has described is a series: a list of numbers, a list of objects with a
 * label and a number each, or an object with a number for each hour or day. Undefined where it is none, or one point alone.
 */
export function seriesOf(value: unknown): Series | undefined {
  const series = Array.isArray(value)
    ? seriesOfList(value)
    : isFields(value)
      ? seriesOfTimes(value)
      : undefined
  return series !== undefined && series.points.length > 1 ? series : undefined
}

function seriesOfList(list: readonly unknown[]): Series | undefined {
  if (list.every(isNumber)) {
    return {isTimeline: true, points: list.map((value, index) => ({label: String(index), value}))}
  }
  const points = list.map(pointOf)
  if (!points.every(point => point !== undefined)) return undefined
  return {isTimeline: points.every(({label}) => TIME.test(label)), points}
}

function seriesOfTimes(fields: Fields): Series | undefined {
  const entries = Object.entries(fields)
  if (!entries.every(([name, value]) => TIME.test(name) && isNumber(value))) return undefined
  return {isTimeline: true, points: entries.map(([label, value]) => ({label, value: Number(value)}))}
}

function pointOf(item: unknown): Point | undefined {
  if (!isFields(item)) return undefined
  const value = VALUES.map(name => item[name]).find(isNumber)
  const label = hourOfDay(item) ?? LABELS.map(name => item[name]).find(isLabel)
  return value === undefined || label === undefined ? undefined : {label: String(label), value}
}

/** As the contract's `peak_activity` names an hour. */
function hourOfDay({date, hour}: Fields): string | undefined {
  if (typeof date !== 'string' || !isNumber(hour)) return undefined
  return `${date} ${String(hour).padStart(2, '0')}:00`
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function isLabel(value: unknown): value is string | number {
  return isNumber(value) || (typeof value === 'string' && value !== '')
}
