import {describe, expect, it} from 'vitest'
import {meterFeed} from '../../../../src/lib/cli/metrics/metered-feed.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {noMetrics} from '../../../../src/lib/metrics/metrics.js'
import {MetricRegistry} from '../../../../src/lib/metrics/registry.js'
import type {FeedItem} from '../../../../src/lib/realtime/feed/feed-types.js'
import {figure} from '../../metrics/kit.js'
import {item, ListFeed} from '../tail/kit.js'

const READY: FeedItem = {type: 'event', event: {type: 'ready', channels: []}}
const SENT_MS = Date.parse('2026-11-22T12:00:00Z')
const at = (ms: number): {created_at: string} => ({created_at: new Date(SENT_MS + ms).toISOString()})
const frame = (type: string): FeedItem => ({type: 'frame', frame: {type, data: {}}})
const dm = (id: number): FeedItem => ({...item(id), channel: {kind: 'dm', id: 3}})

/** A feed of these batches, read to its end at a clock that is at `nowMs`, then moves on as the batch is worked on. */
function open(
  batches: readonly (readonly FeedItem[])[],
  {failure, skewMs = 0}: {failure?: Error; skewMs?: number} = {},
) {
  const registry = new MetricRegistry(['client'])
  const inner = new ListFeed(batches, failure)
  const clock = {nowMs: SENT_MS}
  const feed = meterFeed(inner, {metrics: registry, now: () => clock.nowMs, skewMs: () => skewMs})
  const value = async (series: string) => figure(await registry.text(), series)
  return {feed, inner, clock, value}
}

const received = (type: string): string => `chat_client_messages_total{direction="received",type="${type}"}`

describe('a metered feed', () => {
  it('counts what comes by type, unknown types as one', async () => {
    const {feed, value} = open([
      [READY, item(1), dm(2), item(3), frame('user_presence')],
      [frame('user_presence'), frame('made_up_1'), frame('made_up_2')],
    ])
    await feed.nextBatch()
    await feed.nextBatch()
    expect(await value(received('room_message'))).toBe(2)
    expect(await value(received('dm_message'))).toBe(1)
    expect(await value(received('user_presence'))).toBe(2)
    expect(await value(received('other'))).toBe(2)
    expect(await value(received('made_up_1'))).toBeUndefined()
  })

  it('hands on what is to be followed, and what no longer', () => {
    const {feed, inner} = open([])
    const start = {channel: {kind: 'room', id: 1} as const, afterId: 3}
    feed.follow([start])
    feed.unfollow([start.channel])
    expect(inner.asks).toEqual([{follow: [start]}, {unfollow: [start.channel]}])
  })

  it('measures the lag of the first message of each batch, once live', async () => {
    const {feed, clock, value} = open([
      [item(1, at(-3_600_000))],
      [READY],
      [frame('user_presence'), item(2, at(0)), item(3, at(900))],
      [item(4, {created_at: 'yesterday'})],
      [item(5, at(5000))],
    ])
    clock.nowMs += 1000
    for (let batch = 0; batch < 5; batch += 1) await feed.nextBatch()
    expect(await value('veza_feed_lag_seconds_count')).toBe(2)
    // The second is from the future, by the server's clock: no time has passed.
    expect(await value('veza_feed_lag_seconds_sum')).toBe(1)
  })

  it.each([
    [1500, 1],
    [60_000, 61],
    [-60_000, 0],
  ])('takes clocks that differ by %i ms for what they are: %d s', async (skewMs, seconds) => {
    const {feed, clock, value} = open([[READY, item(1, at(0))]], {skewMs})
    clock.nowMs += 1000
    await feed.nextBatch()
    expect(await value('veza_feed_lag_seconds_sum')).toBe(seconds)
  })

  it('times how long each batch was worked on, and knows when the last one came', async () => {
    const {feed, clock, value} = open([[READY], [item(1)]])
    await feed.nextBatch()
    clock.nowMs += 2000
    await feed.nextBatch()
    const duration = 'chat_client_message_duration_seconds'
    expect(await value(`${duration}_count{operation="deliver"}`)).toBe(1)
    expect(await value(`${duration}_sum{operation="deliver"}`)).toBe(2)
    expect(await value('veza_last_event_timestamp_seconds')).toBe(SENT_MS / 1000 + 2)
  })

  it('asks the feed for the rest at each scrape', async () => {
    const {inner, value} = open([])
    Object.assign(inner, {
      counters: {
        delivered: 1,
        duplicates: 2,
        reconnects: 3,
        gapFilled: 4,
        late: 5,
        dropped: 6,
        attempts: 7,
        malformed: 8,
        reported: 9,
      },
      state: {isConnected: true, isLive: false, waiting: 10},
    })
    const series = {
      veza_feed_duplicates_total: 2,
      chat_client_reconnections_total: 3,
      veza_feed_gap_filled_total: 4,
      veza_feed_late_total: 5,
      veza_feed_dropped_total: 6,
      chat_client_connections_total: 7,
      'chat_client_errors_total{type="malformed_frame"}': 8,
      'chat_client_errors_total{type="server_reported"}': 9,
      veza_feed_queue_messages: 10,
      chat_client_connections_active: 1,
      veza_ready: 0,
    }
    for (const [name, expected] of Object.entries(series))
      expect([name, await value(name)]).toEqual([name, expected])
  })

  it('passes on the end and the error of the feed, and counts that', async () => {
    const ended = open([])
    await ended.feed.close()
    expect(await ended.feed.nextBatch()).toBeUndefined()
    const failed = open([], {failure: new VezaError('forbidden', 'no')})
    await expect(failed.feed.nextBatch()).rejects.toMatchObject({code: 'forbidden'})
    expect(await failed.value('chat_client_errors_total{type="forbidden"}')).toBe(1)
  })

  it('is the same read one by one', async () => {
    const {feed, value} = open([[READY, item(1), item(2)]], {failure: new VezaError('failed', 'end')})
    const ids: number[] = []
    const read = async (): Promise<void> => {
      for await (const each of feed) if (each.type === 'message') ids.push(each.message.id)
    }
    await expect(read()).rejects.toMatchObject({code: 'failed'})
    expect([ids, await value(received('room_message'))]).toEqual([[1, 2], 2])
  })

  it('is the feed itself where nobody watches', () => {
    const feed = new ListFeed([])
    expect(meterFeed(feed, {metrics: noMetrics, now: Date.now, skewMs: () => 0})).toBe(feed)
  })
})
