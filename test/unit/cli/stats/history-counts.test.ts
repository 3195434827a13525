import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'
import {type CountPlan, countHistory, planCounts} from '../../../../src/lib/cli/stats/history-counts.js'

const NOW = Date.UTC(2026, 10, 22, 12, 30)
const HOUR = 3_600_000

/** A history, newest first, and how many of it were read. */
function historyOf(times: readonly (number | string | undefined)[]) {
  const seen = {count: 0}
  async function* messages(): AsyncGenerator<Message> {
    for (const time of times) {
      seen.count += 1
      const at = typeof time === 'number' ? new Date(time).toISOString() : time
      yield {id: times.length - seen.count + 1, content: '', ...(at === undefined ? {} : {created_at: at})}
    }
  }
  return {messages: messages(), seen}
}

const counted = async (times: readonly (number | string | undefined)[], plan: CountPlan) =>
  countHistory(historyOf(times).messages, plan)

describe('a plan', () => {
  it.each([
    ['24h', 24],
    ['7d', 7 * 24],
    ['2w', 14 * 24],
  ])('%s is so many hours back', (period, hours) => {
    expect(planCounts(period, 'hour', NOW)).toEqual({by: 'hour', sinceMs: NOW - hours * HOUR, untilMs: NOW})
  })

  it.each(['', '7', 'week', '7 d', '-7d', '0d', '1.5d', '7D', '9999999d'])('%j is a usage error', period => {
    expect(() => planCounts(period, 'day', NOW)).toThrow(
      expect.objectContaining({code: 'usage', message: expect.stringContaining('24h, 7d or 4w')}),
    )
  })

  it('has an end: by hour 10,000', () => {
    expect(() => planCounts('10001h', 'hour', NOW)).toThrow('more than 10000 counts by hour')
    expect(planCounts('10000h', 'hour', NOW).by).toBe('hour')
    expect(planCounts('10001h', 'day', NOW).by).toBe('day')
  })
})

describe('counting', () => {
  it('has each hour, those without a message too, and those that run only in part', async () => {
    const plan = planCounts('2h', 'hour', NOW)
    const at = (minutes: number) => NOW - minutes * 60_000
    expect(await counted([at(1), at(2), at(100), at(119), at(121), at(1)], plan)).toEqual({
      by: 'hour',
      since: '2026-11-22T10:30:00.000Z',
      messages_read: 4,
      counts: [
        {at: '2026-11-22T10:00:00.000Z', message_count: 2},
        {at: '2026-11-22T11:00:00.000Z', message_count: 0},
        {at: '2026-11-22T12:00:00.000Z', message_count: 2},
      ],
    })
  })

  it('by day', async () => {
    const {counts} = await counted([NOW, NOW - 24 * HOUR], planCounts('1d', 'day', NOW))
    expect(counts).toEqual([
      {at: '2026-11-21T00:00:00.000Z', message_count: 1},
      {at: '2026-11-22T00:00:00.000Z', message_count: 1},
    ])
  })

  it('reads no further than the first message before the period', async () => {
    const {messages, seen} = historyOf([NOW, NOW - 3 * HOUR, NOW - 4 * HOUR, NOW - 5 * HOUR])
    await countHistory(messages, planCounts('2h', 'hour', NOW))
    expect(seen.count).toBe(2)
  })

  it('takes what is of the future as of now, and does not count what has no time', async () => {
    const result = await counted(
      [NOW + 999 * HOUR, '9999-01-01T00:00:00Z', undefined, 'soon'],
      planCounts('1h', 'hour', NOW),
    )
    expect(result.messages_read).toBe(4)
    expect(result.counts.map(({message_count}) => message_count)).toEqual([0, 2])
  })

  it('loses no message of the period', async () => {
    const ages = fc.array(fc.integer({min: 0, max: 48 * HOUR}))
    await fc.assert(
      fc.asyncProperty(ages, fc.constantFrom('hour', 'day'), async (some, by) => {
        const times = some.toSorted((a, b) => a - b).map(age => NOW - age)
        const {counts} = await counted(times, planCounts('2d', by, NOW))
        expect(counts.reduce((sum, {message_count}) => sum + message_count, 0)).toBe(times.length)
      }),
    )
  })
})
