import {spawnSync} from 'node:child_process'
import {describe, expect, it} from 'vitest'
import {DEFINITIONS} from '../../../src/lib/metrics/definitions.js'
import {MetricRegistry} from '../../../src/lib/metrics/registry.js'
import {familiesOf, figure} from './kit.js'

/** The guide's own, by name, kind and labels. */
const GUIDE = {
  chat_client_connections_total: ['counter', []],
  chat_client_connections_active: ['gauge', []],
  chat_client_messages_total: ['counter', ['direction', 'type']],
  chat_client_message_duration_seconds: ['histogram', ['operation']],
  chat_client_errors_total: ['counter', ['type']],
  chat_client_reconnections_total: ['counter', []],
}

const names = Object.keys(DEFINITIONS) as (keyof typeof DEFINITIONS)[]

describe('the definitions', () => {
  it('have the six of the guide, exactly', () => {
    const found = names
      .filter(name => name.startsWith('chat_client_'))
      .map(name => [name, [DEFINITIONS[name].kind, DEFINITIONS[name].labels]])
    expect(Object.fromEntries(found)).toEqual(GUIDE)
  })

  it.each(names)('%s has a unit, a full sentence, and counts to a total only as a counter', name => {
    const {help, kind} = DEFINITIONS[name]
    expect(name).toMatch(/^(chat_client|veza)_[a-z_]+$/)
    expect(name.endsWith('_total')).toBe(kind === 'counter')
    if (kind === 'histogram') expect(name).toMatch(/_seconds$/)
    expect(help).toMatch(/^[A-Z0-9].*\.$/)
  })
})

describe('a registry', () => {
  it('has the metrics of its groups and of the process, no others', async () => {
    const text = await new MetricRegistry(['sandbox']).text()
    const families = familiesOf(text)
    expect(families.filter(name => name.startsWith('chat_client_'))).toEqual([])
    expect(families).toEqual(
      expect.arrayContaining(['veza_ready', 'veza_sandbox_frames_total', 'process_cpu_seconds_total']),
    )
    expect(figure(text, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
    expect(new Set(families).size).toBe(families.length)
  })

  it('adds, observes, and asks its sources at each rendering', async () => {
    const registry = new MetricRegistry(['client'])
    let delivered = 3
    registry.collect(set => {
      set('chat_client_messages_total', {direction: 'received', type: 'room_message'}, delivered)
      set('veza_feed_queue_messages', {}, 7)
    })
    registry.add('chat_client_errors_total', {type: 'unreachable'})
    registry.add('chat_client_errors_total', {type: 'unreachable'}, 2)
    registry.observe('chat_client_message_duration_seconds', {operation: 'send'}, 0.02)
    await registry.text()
    delivered = 5
    const text = await registry.text()
    expect(figure(text, 'chat_client_messages_total{direction="received",type="room_message"}')).toBe(5)
    expect(figure(text, 'veza_feed_queue_messages')).toBe(7)
    expect(figure(text, 'chat_client_errors_total{type="unreachable"}')).toBe(3)
    const duration = 'chat_client_message_duration_seconds'
    expect(figure(text, `${duration}_bucket{le="0.01",operation="send"}`)).toBe(0)
    expect(figure(text, `${duration}_bucket{le="0.025",operation="send"}`)).toBe(1)
    expect(figure(text, `${duration}_sum{operation="send"}`)).toBe(0.02)
  })

  it('never lets a counter fall, and goes on counting where it did', async () => {
    const registry = new MetricRegistry(['client'])
    let told = 0
    registry.collect(set => set('veza_feed_duplicates_total', {}, told))
    const seen: (number | undefined)[] = []
    for (told of [4, 1, 3]) seen.push(figure(await registry.text(), 'veza_feed_duplicates_total'))
    expect(seen).toEqual([4, 4, 6])
  })

  it('says whether the process does its work', async () => {
    const registry = new MetricRegistry([])
    expect(figure(await registry.text(), 'veza_ready')).toBe(0)
    registry.readyWhen(() => true)
    expect(figure(await registry.text(), 'veza_ready')).toBe(1)
  })

  it('keeps the common labels of one rendering out of another at the same time', async () => {
    const registry = new MetricRegistry([])
    const [file, scrape] = await Promise.all([registry.text({source: 'tail'}), registry.text()])
    expect(figure(file, 'veza_ready{source="tail"}')).toBe(0)
    expect(figure(scrape, 'veza_ready')).toBe(0)
    expect(scrape).not.toContain('source=')
  })

  it('is read by promtool, which has nothing to say of our own', async context => {
    const registry = new MetricRegistry(['client', 'sandbox'])
    for (const name of names) noteOne(registry, name)
    const input = await registry.text({source: 'a"b\\c'})
    const {error, status, stderr, stdout} = spawnSync('promtool', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    })
    context.skip(error !== undefined, 'promtool is not there')
    expect(`${stdout}${stderr}`).not.toMatch(/chat_client|veza|error while/)
    // 3: it does not like the name of a gauge of the Prometheus client.
    expect([0, 3]).toContain(status)
  })
})

function noteOne(registry: MetricRegistry, name: keyof typeof DEFINITIONS): void {
  const {kind, labels} = DEFINITIONS[name]
  const values = Object.fromEntries(labels.map(label => [label, 'x']))
  if (kind === 'counter') registry.add(name as 'chat_client_errors_total', values as {type: string})
  if (kind === 'histogram')
    registry.observe(name as 'chat_client_message_duration_seconds', values as {operation: string}, 1)
}
