import {custom} from '@oclif/core/flags'
import {parseInteger, parseSpan} from '../config/values.js'
import {VezaError} from '../errors/veza-error.js'
import {reader} from './flags.js'

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+-]\d\d:\d\d)?)?$/
/** The last moment that a Date can hold. */
const LAST_DATE_MS = 8.64e15

/** Where to begin: after the message with an id, 0 for the very first; or at a time, in milliseconds since 1970. */
export type Since = {readonly id: number} | {readonly timeMs: number}

/** What a flag is to say of itself. */
interface FlagText {
  readonly summary: string
  readonly helpGroup?: string
}

/**
 * Reads `--since`: the id of a message (`1234`), a duration with its unit, so long ago (`90s`, `2h30m`, `7d`), a time as
 * in RFC 3339 or without an offset as a local one, or a date, its local midnight.
 * @param nowMs milliseconds since 1970.
 * @throws {VezaError} `usage` that lists these; the text is not repeated.
 */
export function parseSince(text: string, label: string, nowMs: number): Since {
  const trimmed = text.trim()
  if (/^\d+$/.test(trimmed)) return {id: parseInteger(trimmed, label, 0)}
  const spanMs = parseSpan(trimmed)
  const timeMs = spanMs === undefined ? readTime(trimmed) : nowMs - spanMs
  if (timeMs !== undefined) return {timeMs}
  throw new VezaError(
    'usage',
    `${label} wants the id of a message, a duration with its unit, a time or a date`,
    {
      hint: 'write 1234, 90s, 2h30m, 7d, 2026-11-22T10:00:00Z or 2026-11-22',
    },
  )
}

/**
 * Reads a moment such as `--until`, in milliseconds since 1970: a duration with its unit, so long from now, or a time or
 * a date as `parseSince` reads them.
 * @throws {VezaError} `usage` that lists these; the text is not repeated.
 */
export function parseMoment(text: string, label: string, nowMs: number): number {
  const trimmed = text.trim()
  const spanMs = parseSpan(trimmed)
  const timeMs = spanMs === undefined ? readTime(trimmed) : nowMs + spanMs
  if (timeMs !== undefined && timeMs <= LAST_DATE_MS) return timeMs
  throw new VezaError('usage', `${label} wants a time, a date, or a duration with its unit from now on`, {
    hint: 'write 2026-11-22T10:00:00Z, 2026-11-22, 90s, 2h30m or 7d',
  })
}

/** A flag read by `parseSince`. */
export function sinceFlag(name: string, text: FlagText) {
  const read = (value: string, label: string): Since => parseSince(value, label, Date.now())
  return custom<Since>({helpValue: 'ID|DURATION|TIME', ...text, parse: reader(read, `--${name}`)})()
}

/** A flag read by `parseMoment`. */
export function timeFlag(name: string, text: FlagText) {
  const read = (value: string, label: string): number => parseMoment(value, label, Date.now())
  return custom<number>({helpValue: 'TIME|DURATION', ...text, parse: reader(read, `--${name}`)})()
}

function readTime(text: string): number | undefined {
  const [, year, month, day, time = '00:00', offset = ''] = TIME.exec(text) ?? []
  // Date.parse takes the 30th of February for the 2nd of March.
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  if (Number(day) > lastDay) return undefined
  const timeMs = Date.parse(`${year}-${month}-${day}T${time}${offset.toUpperCase()}`)
  return Number.isNaN(timeMs) ? undefined : timeMs
}
