import {custom} from '@oclif/core/flags'
import {parseDuration} from '../config/values.js'
import {VezaError} from '../errors/veza-error.js'
import {reader} from './flags.js'

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/
const PART = /(\d+)(ms|[smhdw])/g

/**
 * A moment to come, as RFC 3339 in UTC: a time of RFC 3339, or a duration from now such as `90d` or `12h30m`.
 * @param nowMs milliseconds since 1970.
 * @throws {VezaError} `usage` naming `label` for anything else, and for a moment that has passed.
 */
export function parseExpiry(text: string, label: string, nowMs: number): string {
  const trimmed = text.trim()
  const atMs = RFC_3339.test(trimmed) ? Date.parse(trimmed) : nowMs + durationMs(trimmed, label)
  const date = new Date(atMs)
  // Years of more than four digits are no RFC 3339.
  if (Number.isNaN(date.getTime()) || date.toISOString().length !== 24) throw notAMoment(label)
  if (atMs <= nowMs) throw new VezaError('usage', `${label} names a moment that has passed`)
  return date.toISOString()
}

/** Keys live longer than the 24 days that a timer can count, so each part counts its unit. */
function durationMs(text: string, label: string): number {
  const parts = [...text.matchAll(PART)]
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === text
  if (!isWhole && !/^\d+$/.test(text)) throw notAMoment(label)
  if (!isWhole) return Number(text) * 1000
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * parseDuration(`1${unit}`, label), 0)
}

function notAMoment(label: string): VezaError {
  return new VezaError('usage', `${label} wants a duration or a time`, {
    hint: 'write 12h, 90d or 2030-01-31T12:00:00Z',
  })
}

/** A flag for a moment to come, see `parseExpiry`. */
export function expiryFlag(name: string, text: {readonly summary: string}) {
  const read = (value: string, label: string): string => parseExpiry(value, label, Date.now())
  return custom<string>({helpValue: 'DURATION|TIME', ...text, parse: reader(read, `--${name}`)})()
}
