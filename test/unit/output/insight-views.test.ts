import fc from 'fast-check'
import measure from 'string-width'
import {describe, expect, it} from 'vitest'
import type {RoomStats, ServerStats} from '../../../src/contract/resources.js'
import type {ChartStyle} from '../../../src/lib/output/charts/canvas.js'
import {renderDetails} from '../../../src/lib/output/formats/details.js'
import {plainStyle} from '../../../src/lib/output/style.js'
import {auditEntryView} from '../../../src/lib/output/views/audit-entry.js'
import {presenceView} from '../../../src/lib/output/views/presence.js'
import {roomStatsView} from '../../../src/lib/output/views/room-stats.js'
import {serverStatsView} from '../../../src/lib/output/views/server-stats.js'
import type {Column, View} from '../../../src/lib/output/views/view.js'
import {webhookRecordView} from '../../../src/lib/output/views/webhook-delivery.js'

const style: ChartStyle = {isUnicode: true, measure}
const context = (isTTY: boolean, width = 80) => ({isTTY, width, now: new Date(0), style: plainStyle})
const HOSTILE = '\u001b]0;title\u0007\u202eevil\nname'

function shown<T>(view: View<T>, record: T, isTTY: boolean, width?: number): string[] {
  const fields: readonly Column<T>[] = view.fields ?? view.columns
  return renderDetails(fields, record, context(isTTY, width)).split('\n').slice(0, -1)
}

const STATS: RoomStats = {
  message_count: 12,
  active_users: 2,
  peak_activity: {date: '2026-11-22', hour: 9, message_count: 1},
  top_contributors: [{id: 2, username: 'alice', message_count: 9}, {id: 3, message_count: 3}, {}],
}

describe('statistics of a room', () => {
  it('are a field for each number in a pipe', () => {
    expect(shown(roomStatsView(STATS), STATS, false)).toEqual([
      'messages:\t12',
      'active users:\t2',
      'new members:\t',
      'pinned:\t',
      'reactions:\t',
      'peak:\t2026-11-22 09:00 (1 message)',
      'by alice:\t9',
      'by user 3:\t3',
      'by somebody:\t',
    ])
  })

  it('have bars for people at a terminal', () => {
    expect(shown(roomStatsView(STATS, style), STATS, true, 48).slice(3)).toEqual([
      'top contributors: alice     9  █████████████████',
      '                  user 3    3  █████▋',
      '                  somebody  0',
    ])
  })

  it('show a peak as far as it is known', () => {
    const peakOf = (peak: RoomStats['peak_activity']) => {
      const stats = {peak_activity: peak} as RoomStats
      return shown(roomStatsView(stats), stats, false)[5]
    }
    expect([null, undefined, {}, {date: '2026-11-22'}, {hour: 13, message_count: 4}].map(peakOf)).toEqual([
      'peak:\t',
      'peak:\t',
      'peak:\t',
      'peak:\t2026-11-22',
      'peak:\t13:00 (4 messages)',
    ])
  })

  const history = (by: 'hour' | 'day', counts: readonly number[]) => ({
    by,
    since: '2026-11-21T22:00:00.000Z',
    messages_read: 7,
    counts: counts.map((message_count, index) => ({
      at: new Date(
        Date.UTC(2026, 10, 21, 22) + index * (by === 'hour' ? 3_600_000 : 86_400_000),
      ).toISOString(),
      message_count,
    })),
  })

  it('have a line a day, a character an hour, on one scale', () => {
    const stats = {history: history('hour', [1, 0, 7])}
    expect(shown(roomStatsView(stats, style), stats, true)).toEqual([
      'by hour (UTC):             0     6     12    18',
      '               2026-11-21  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▂▁  1',
      '               2026-11-22  █▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  7',
    ])
  })

  it('fit a narrow terminal', () => {
    const stats = {...STATS, history: history('hour', [1, 0, 7])}
    for (const line of shown(roomStatsView(stats, style), stats, true, 40).slice(4)) {
      expect(measure(line)).toBeLessThanOrEqual(40)
    }
    expect(() => shown(roomStatsView(stats, style), stats, true, 1)).not.toThrow()
  })

  it('have a bar a day', () => {
    const stats = {history: history('day', [1, 2])}
    expect(shown(roomStatsView(stats, style), stats, true, 44)).toEqual([
      'by day (UTC): 2026-11-21  1  █████▌',
      '              2026-11-22  2  ███████████',
    ])
  })

  it('have a field for each hour in a pipe', () => {
    const stats = {history: history('hour', [1, 0])}
    expect(shown(roomStatsView(stats), stats, false).slice(6)).toEqual([
      '2026-11-21T22:00:00.000Z:\t1',
      '2026-11-21T23:00:00.000Z:\t0',
    ])
  })

  it.each([true, false])('hold no name that moves the cursor, terminal %s', isTTY => {
    const stats = {top_contributors: [{username: HOSTILE, message_count: 1}]}
    const lines = shown(roomStatsView(stats, isTTY ? style : undefined), stats, isTTY)
    expect(lines.join('\n')).toContain('\\u{202e}evil⏎name')
    expect(lines.join('')).not.toMatch(/[\u001b\u0007\u202e]/)
  })
})

describe('statistics of a server', () => {
  const STATISTICS: ServerStats = {
    users: {total: 5, active: {today: 2}},
    by_hour: [1, 0, 7],
    rooms: [
      {name: 'general', count: 4},
      {name: 'builds', count: 2},
    ],
    version: '1.2',
    beta: false,
    none: null,
  }

  it('are flattened in a pipe, every number under its path', () => {
    expect(shown(serverStatsView(STATISTICS), STATISTICS, false)).toEqual([
      'users.total:\t5',
      'users.active.today:\t2',
      'by_hour.0:\t1',
      'by_hour.1:\t0',
      'by_hour.2:\t7',
      'rooms.0.name:\tgeneral',
      'rooms.0.count:\t4',
      'rooms.1.name:\tbuilds',
      'rooms.1.count:\t2',
      'version:\t1.2',
      'beta:\tfalse',
      'none:\t',
    ])
  })

  it('have a chart for what is in a row at a terminal', () => {
    expect(shown(serverStatsView(STATISTICS, style), STATISTICS, true, 44).slice(2, 6)).toEqual([
      'by_hour:            ▂▁█',
      '                    0 to 2, most 7 at 2',
      expect.stringMatching(/^rooms: {14}general {2}4 {2}█+$/),
      expect.stringMatching(/^ {20}builds {3}2 {2}█+▌?$/),
    ])
  })

  it('have no peak where there is nothing', () => {
    const stats = {by_hour: [0, 0]}
    expect(shown(serverStatsView(stats, style), stats, true)).toEqual(['by_hour: ▁▁', '         0 to 1'])
  })

  it('are safe whatever the server calls them', () => {
    const stats = {
      [HOSTILE]: {[HOSTILE]: HOSTILE},
      list: [
        {name: HOSTILE, count: 1},
        {name: 'b', count: 2},
      ],
    }
    for (const isTTY of [true, false]) {
      const text = shown(serverStatsView(stats, isTTY ? style : undefined), stats, isTTY).join('\n')
      expect(text).not.toMatch(/[\u001b\u0007\u202e]/)
    }
  })

  it('end somewhere in what is deep, and cut names that are long', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`)
    const [line = ''] = shown(serverStatsView(deep), deep, false)
    expect(line).toBe('a.a.a.a.a.a.a.a:\t{...}')
    const long = {['x'.repeat(500)]: 1}
    expect(shown(serverStatsView(long, style), long, true)[0]?.length).toBeLessThan(60)
  })

  it('take any JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.integer({min: 1, max: 200}),
        (stats, width) => {
          shown(serverStatsView(stats), stats, false)
          shown(serverStatsView(stats, style), stats, true, width)
        },
      ),
    )
  })
})

describe('an entry of an audit log', () => {
  it('has its details as JSON, text as it is', () => {
    const entry = {id: 1, action: 'role_changed', moderator_id: 1, user_id: 3}
    const detailsOf = (details: unknown) => shown(auditEntryView, {...entry, details}, false).at(-1)
    expect([{role: 'moderator'}, 'words', null, undefined].map(detailsOf)).toEqual([
      'details:\t{"role":"moderator"}',
      'details:\twords',
      'details:\t',
      'details:\t',
    ])
  })
})

describe('lines of streams', () => {
  const lineOf = <T>(view: View<T>, record: T, isTTY: boolean) => view.line?.(record, context(isTTY))

  it('a change of presence', () => {
    const at = '2026-11-22T10:00:00Z'
    expect(lineOf(presenceView, {at, username: 'bob', status: 'busy', message: 'a\tb'}, false)).toBe(
      `${at}\tbob\tbusy\ta⇥b`,
    )
    expect(lineOf(presenceView, {at, user_id: 3, status: 'away', message: null}, true)).toMatch(
      /^\d\d:00:00 user 3 is away$/,
    )
    expect(
      lineOf(presenceView, {at, username: HOSTILE, status: HOSTILE, message: HOSTILE}, true),
    ).not.toMatch(/[\u001b\u0007\u202e\n]/)
  })

  it('a delivery of a webhook', () => {
    const received_at = '2026-11-22T10:00:00Z'
    const lines = [
      {event: 'message_sent', data: {username: 'bob', content: 'hi\nthere', room_name: 'general'}},
      {event: 'user_joined', data: {username: 'bob', room_id: 7}},
      {event: 'test', data: {webhook_id: 1}},
      {event: 'bare'},
      {event: 'list', data: [1]},
    ].map(delivery => lineOf(webhookRecordView, {...delivery, received_at}, true)?.slice(9))
    expect(lines).toEqual([
      'message_sent #general bob: hi⏎there',
      'user_joined #7 bob',
      'test {"webhook_id":1}',
      'bare null',
      'list [1]',
    ])
    expect(lineOf(webhookRecordView, {event: 'test', data: {a: '\t'}, received_at}, false)).toBe(
      `${received_at}\ttest\t{"a":"\\t"}`,
    )
    expect(
      lineOf(webhookRecordView, {event: HOSTILE, data: {username: HOSTILE}, received_at}, true),
    ).not.toMatch(/[\u001b\u0007\u202e\n]/)
  })
})
