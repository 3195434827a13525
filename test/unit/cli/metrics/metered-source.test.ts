import {describe, expect, it} from 'vitest'
import {meterConnect, meterEvents, meterPages} from '../../../../src/lib/cli/metrics/metered-source.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {noMetrics} from '../../../../src/lib/metrics/metrics.js'
import {MetricRegistry} from '../../../../src/lib/metrics/registry.js'
import type {
  Dialled,
  FeedEvent,
  FeedOptions,
  PageQuery,
} from '../../../../src/lib/realtime/feed/feed-types.js'
import {figure} from '../../metrics/kit.js'
import {ROOM} from '../tail/kit.js'

const ABOUT = {tokenRefused: false}
const {signal} = new AbortController()
const down = new VezaError('unreachable', 'down')
const duration = (operation: string): string =>
  `chat_client_message_duration_seconds_count{operation="${operation}"}`

describe('connecting', () => {
  it('is timed, failed or not; the last that succeeded is kept', async () => {
    const registry = new MetricRegistry(['client'])
    const outcomes: (Error | undefined)[] = [down, undefined]
    const connect: FeedOptions['connect'] = async () => {
      const error = outcomes.shift()
      if (error !== undefined) throw error
      return {} as Dialled
    }
    const metered = meterConnect(connect, registry, () => 5000)
    await expect(metered(signal, ABOUT)).rejects.toBe(down)
    expect(figure(await registry.text(), 'veza_last_connect_timestamp_seconds')).toBe(0)
    await metered(signal, ABOUT)
    const text = await registry.text()
    expect(figure(text, duration('connect'))).toBe(2)
    expect(figure(text, 'veza_last_connect_timestamp_seconds')).toBe(5)
  })
})

describe('history', () => {
  const fails = async (): Promise<never> => {
    throw down
  }

  it('is timed, and its errors are counted by code', async () => {
    const registry = new MetricRegistry(['client'])
    const page = {items: [], has_more: false}
    const query: PageQuery = {limit: 1, signal}
    expect(await meterPages(async () => page, registry)(ROOM, query)).toBe(page)
    await expect(meterPages(fails, registry)(ROOM, query)).rejects.toBe(down)
    const text = await registry.text()
    expect(figure(text, duration('history'))).toBe(2)
    expect(figure(text, 'chat_client_errors_total{type="unreachable"}')).toBe(1)
  })

  it('has no error where the connection has ended meanwhile', async () => {
    const registry = new MetricRegistry(['client'])
    const query = {limit: 1, signal: AbortSignal.abort()}
    await expect(meterPages(fails, registry)(ROOM, query)).rejects.toBe(down)
    expect(await registry.text()).not.toMatch(/^chat_client_errors_total\{.* [1-9]/m)
  })
})

describe('events', () => {
  const events: FeedEvent[] = [
    {type: 'disconnected', error: down},
    {type: 'reconnecting', attempt: 1, delayMs: 5, error: down},
    {type: 'reconnecting', attempt: 2, delayMs: 5, error: new Error('whatever')},
    {type: 'unfollowed', channel: ROOM, error: new VezaError('forbidden', 'no')},
    {type: 'reconnected', downMs: 1500},
    {type: 'warning', message: 'x'},
  ]

  it('count each failed attempt once, and the time without live channels; all are passed on', async () => {
    const registry = new MetricRegistry(['client'])
    const told: FeedEvent[] = []
    const onEvent = meterEvents(event => told.push(event), registry)
    for (const event of events) onEvent?.(event)
    const text = await registry.text()
    expect(told).toEqual(events)
    expect(text.match(/^chat_client_errors_total\{.*/gm)).toEqual([
      'chat_client_errors_total{type="unreachable"} 1',
      'chat_client_errors_total{type="signed_out"} 0',
      'chat_client_errors_total{type="bug"} 1',
      'chat_client_errors_total{type="forbidden"} 1',
    ])
    expect(figure(text, 'veza_feed_down_seconds_total')).toBe(1.5)
  })
})

it('leaves everything as it is where nobody watches', () => {
  const connect = async (): Promise<Dialled> => ({}) as Dialled
  const readPage = async () => ({items: [], has_more: false})
  expect(meterConnect(connect, noMetrics, Date.now)).toBe(connect)
  expect(meterPages(readPage, noMetrics)).toBe(readPage)
  expect(meterEvents(undefined, noMetrics)).toBeUndefined()
})
