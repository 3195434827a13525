import {expect, it, vi} from 'vitest'
import {LateRegistry} from '../../../src/lib/metrics/late-registry.js'
import {noMetrics} from '../../../src/lib/metrics/metrics.js'
import {figure} from './kit.js'

const made = vi.hoisted(() => ({count: 0}))

vi.mock('../../../src/lib/metrics/registry.js', async original => {
  const {MetricRegistry} = await original<typeof import('../../../src/lib/metrics/registry.js')>()
  class Counted extends MetricRegistry {
    constructor(groups: ConstructorParameters<typeof MetricRegistry>[0]) {
      super(groups)
      made.count += 1
    }
  }
  return {MetricRegistry: Counted}
})

it('loads the client for the first who looks, and has all that was noted before', async () => {
  const before = made.count
  const late = new LateRegistry(['client'])
  late.add('veza_feed_late_total', {}, 4)
  late.collect(set => set('veza_feed_queue_messages', {}, 9))
  late.observe('veza_feed_lag_seconds', {}, 1)
  expect(made.count).toBe(before)
  const texts = await Promise.all([late.text(), late.text()])
  expect(made.count).toBe(before + 1)
  late.add('veza_feed_late_total', {})
  for (const text of texts) expect(figure(text, 'veza_feed_late_total')).toBe(4)
  const text = await late.text({source: 'x'})
  expect(figure(text, 'veza_feed_late_total{source="x"}')).toBe(5)
  expect(figure(text, 'veza_feed_queue_messages{source="x"}')).toBe(9)
  expect(figure(text, 'veza_feed_lag_seconds_count{source="x"}')).toBe(1)
})

it('keeps no more than so many notes: then it loads the client itself, and loses none', async () => {
  const before = made.count
  const late = new LateRegistry(['client'])
  for (let i = 0; i < 10_001; i += 1) late.add('veza_feed_late_total', {})
  await vi.waitFor(() => expect(made.count).toBe(before + 1), {interval: 5})
  late.add('veza_feed_late_total', {})
  expect(figure(await late.text(), 'veza_feed_late_total')).toBe(10_002)
})

it('asks the last one who said when it is ready', async () => {
  const late = new LateRegistry([])
  expect(late.isReady).toBe(false)
  expect(figure(await late.text(), 'veza_ready')).toBe(0)
  late.readyWhen(() => true)
  expect(late.isReady).toBe(true)
  expect(figure(await late.text(), 'veza_ready')).toBe(1)
})

it('is nothing at all where nobody watches', () => {
  const source = vi.fn()
  noMetrics.collect(source)
  noMetrics.readyWhen(source)
  noMetrics.add('veza_feed_late_total', {})
  noMetrics.observe('veza_feed_lag_seconds', {}, 1)
  expect([noMetrics.isOn, source.mock.calls]).toEqual([false, []])
})
