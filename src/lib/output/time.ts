const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Older than this, a date says more than a count of days. */
const RELATIVE_LIMIT_MS = 30 * DAY_MS

const UNITS = [
  [DAY_MS, 'd'],
  [HOUR_MS, 'h'],
  [MINUTE_MS, 'min'],
  [SECOND_MS, 's'],
] as const

/**
 * A time for a person: `3 min ago`, `in 2 h`, `just now`, the UTC date beyond 30 days. What is no time is returned as
 * it came (sanitise it).
 * @param timestamp RFC 3339, section 4 of the contract
 */
export function relativeTime(timestamp: string, now: Date): string {
  const then = new Date(timestamp)
  const ageMs = now.getTime() - then.getTime()
  if (Number.isNaN(ageMs)) return timestamp
  const distanceMs = Math.abs(ageMs)
  if (distanceMs >= RELATIVE_LIMIT_MS) return then.toISOString().slice(0, 10)
  const unit = UNITS.find(([lengthMs]) => distanceMs >= lengthMs)
  if (unit === undefined) return 'just now'
  const amount = `${Math.floor(distanceMs / unit[0])} ${unit[1]}`
  return ageMs > 0 ? `${amount} ago` : `in ${amount}`
}

/** The local time of day, `HH:MM:SS`; `--:--:--` for what is no time. */
export function clockTime(timestamp: string | undefined): string {
  const time = new Date(timestamp ?? Number.NaN)
  if (Number.isNaN(time.getTime())) return '--:--:--'
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map(part => `${part}`.padStart(2, '0'))
    .join(':')
}
