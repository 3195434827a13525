import {VezaError} from '../errors/veza-error.js'

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const SPAN = /(\d+(?:\.\d+)?)(ms|[smhdw])/g
const LONGEST_TEXT = 40
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * A duration in milliseconds: `90` (seconds), `90s`, `10m`, `2h`, `2h30m`, `7d`, `500ms`.
 * @throws {VezaError} `usage` naming `label`; the value itself is not repeated, it may have been a secret.
 */
export function parseDuration(text: string, label: string): number {
  const trimmed = text.trim()
  if (trimmed.length > LONGEST_TEXT) throw notADuration(label)
  if (/^\d+(\.\d+)?$/.test(trimmed)) return bounded(Number(trimmed) * 1000, label)
  const spanMs = parseSpan(trimmed)
  if (spanMs === undefined) throw notADuration(label)
  return bounded(spanMs, label)
}

/**
 * A span in milliseconds written with units alone (`90s`, `2h30m`, `7d`), of any length: no timer need run for it.
 * Undefined for any other text.
 */
export function parseSpan(text: string): number | undefined {
  const parts = text.length > LONGEST_TEXT ? [] : [...text.matchAll(SPAN)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined
  return Math.round(
    parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? Number.NaN), 0),
  )
}

function bounded(ms: number, label: string): number {
  if (!(ms <= LONGEST_TIMER_MS))
    throw new VezaError('usage', `${label} is longer than the 24 days a timer can count`)
  return Math.round(ms)
}

function notADuration(label: string): VezaError {
  return new VezaError('usage', `${label} wants a duration`, {hint: 'write 90, 90s, 10m, 2h or 7d'})
}

/**
 * A whole number within bounds, both included.
 * @throws {VezaError} `usage` naming `label` and the bounds.
 */
export function parseInteger(
  text: string,
  label: string,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text)
  if (
    !/^-?\d+$/.test(text.trim()) ||
    Object.is(value, -0) ||
    !Number.isSafeInteger(value) ||
    value < min ||
    value > max
  ) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
    throw new VezaError('usage', `${label} wants a whole number ${range}`)
  }
  return value
}

/**
 * The id of a resource: a positive whole number that a JavaScript number holds exactly.
 * @throws {VezaError} `usage` naming `label`.
 */
export function parseId(text: string, label: string): number {
  if (!/^\d+$/.test(text)) throw new VezaError('usage', `${label} wants an id, a whole number`)
  const id = Number(text)
  if (!Number.isSafeInteger(id) || id === 0)
    throw new VezaError('usage', `${label}: no id is 0 or above 2^53 - 1`)
  return id
}

/**
 * The address of a server, without credentials, query or trailing slash (section 1 of the contract).
 * @throws {VezaError} `usage` naming `label` when it is no http or https address.
 */
export function parseServer(text: string, label: string): string {
  const url = parseUrl(text, label)
  if (url.username !== '' || url.password !== '') {
    throw new VezaError('usage', `${label} must not carry a user name or password`, {
      hint: 'sign in with veza auth login',
    })
  }
  if (url.search !== '' || url.hash !== '')
    throw new VezaError('usage', `${label} must not carry a query or fragment`)
  return url.href.replace(/\/+$/, '')
}

function parseUrl(text: string, label: string): URL {
  const hint = 'write it as http://localhost:8080 or https://chat.example.org'
  let url: URL
  try {
    url = new URL(text)
  } catch {
    // The parser's error carries the text, and with it a password that stood in it.
    throw new VezaError('usage', `${label} is not an address`, {hint})
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new VezaError('usage', `${label} wants an http or https address`, {hint})
  }
  return url
}

/**
 * `true` for `1`, `true`, `yes`, `on`; `false` for `0`, `false`, `no`, `off`, in any case.
 * @throws {VezaError} `usage` naming `label`.
 */
export function parseSwitch(text: string, label: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true
  if (/^(0|false|no|off)$/i.test(text)) return false
  throw new VezaError('usage', `${label} wants true or false`)
}
