import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import type {HistoryCounts} from '../../output/views/room-stats.js'

/** What messages are counted by. */
export const COUNT_UNITS = ['hour', 'day'] as const

/** `hour` or `day`. */
export type CountUnit = (typeof COUNT_UNITS)[number]

const UNITS_MS: Readonly<Record<string, number>> = {h: 3_600_000, d: 86_400_000, w: 604_800_000}
const STEPS_MS: Readonly<Record<CountUnit, number>> = {hour: 3_600_000, day: 86_400_000}
/** More than these nobody can look at, and a year of hours is among them. */
const MOST_COUNTS = 10_000

/** What to count. */
export interface CountPlan {
  readonly by: CountUnit
  readonly sinceMs: number
  readonly untilMs: number
}

/**
 * Reads a period as servers do, `24h`, `7d` or `4w`, for counting in UTC.
 * @throws {VezaError} `usage` for another one, and for more than 10,000 counts.
 */
export function planCounts(period: string, by: CountUnit, nowMs: number): CountPlan {
  const [, amount, unit = ''] = /^(\d{1,6})([hdw])$/.exec(period) ?? []
  const lengthMs = Number(amount) * (UNITS_MS[unit] ?? Number.NaN)
  if (Number.isNaN(lengthMs) || lengthMs === 0)
    throw new VezaError('usage', '--by wants a --period such as 24h, 7d or 4w')
  if (lengthMs / STEPS_MS[by] > MOST_COUNTS) {
    throw new VezaError('usage', `the --period has more than ${MOST_COUNTS} counts by ${by}`)
  }
  return {by, sinceMs: nowMs - lengthMs, untilMs: nowMs}
}

/**
 * Counts the messages of a room's history, newest first, back to the beginning of the period. Hours and days without any are
 * there with 0. A message without a time is read and not counted; one of a clock ahead of ours counts as of now.
 */
export async function countHistory(
  history: AsyncIterable<Message>,
  {by, sinceMs, untilMs}: CountPlan,
): Promise<HistoryCounts> {
  const stepMs = STEPS_MS[by]
  const first = Math.floor(sinceMs / stepMs)
  const last = Math.floor(untilMs / stepMs)
  const counts = new Array<number>(last - first + 1).fill(0)
  let read = 0
  for await (const {created_at} of history) {
    const sentMs = Date.parse(created_at ?? '')
    if (sentMs < sinceMs) break
    read += 1
    if (Number.isNaN(sentMs)) continue
    const index = Math.min(Math.floor(sentMs / stepMs), last) - first
    counts[index] = (counts[index] ?? 0) + 1
  }
  const atOf = (index: number): string => new Date((first + index) * stepMs).toISOString()
  return {
    by,
    since: new Date(sinceMs).toISOString(),
    messages_read: read,
    counts: counts.map((count, index) => ({at: atOf(index), message_count: count})),
  }
}
