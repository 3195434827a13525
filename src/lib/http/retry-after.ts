/**
 * How long a server asks to wait, in milliseconds (section 3 of the contract): the `Retry-After` header as seconds or as an HTTP
 * date, or else `error.details.retry_after` in seconds. A date counts from the server's own clock where it tells it.
 * Undefined where nothing readable was said.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  details: unknown,
  nowMs: number,
): number | undefined {
  return fromHeader(headers['retry-after'], headers.date, nowMs) ?? fromDetails(details)
}

function fromHeader(value: string | undefined, date: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  const trimmed = value.trim()
  if (/^\d+(\.\d+)?$/.test(trimmed)) return fromSeconds(Number(trimmed))
  const untilMs = httpDateMs(trimmed)
  return untilMs === undefined ? undefined : Math.max(0, untilMs - (httpDateMs(date) ?? nowMs))
}

function fromDetails(details: unknown): number | undefined {
  if (typeof details !== 'object' || details === null || !('retry_after' in details)) return undefined
  const value = details.retry_after
  if (typeof value === 'string') return /^\d+(\.\d+)?$/.test(value) ? fromSeconds(Number(value)) : undefined
  return typeof value === 'number' && value >= 0 ? fromSeconds(value) : undefined
}

function fromSeconds(seconds: number): number {
  return Math.min(Math.ceil(seconds * 1000), Number.MAX_SAFE_INTEGER)
}

/** An HTTP date as milliseconds since the epoch. Only what begins with a day's name: `Date.parse` takes nearly anything. */
export function httpDateMs(value: string | undefined): number | undefined {
  if (value === undefined || !/^[A-Z][a-z]{2,8},? /.test(value)) return undefined
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? undefined : ms
}
