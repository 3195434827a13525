import {spawnSync} from 'node:child_process'
import {describe, expect, it} from 'vitest'
import {DEFINITIONS} from '../../../src/lib/metrics/definitions.js'
import {MetricRegistry} from '../../../src/lib/metrics/registry.js'
import {familiesOf, figure, GROUPS} from './kit.js'

/** The guide's own, by name, kind and labels. */
const GUIDE = {
  chat_client_connections_total: ['counter', []],
  chat_client_connections_active: ['gauge', []],
  chat_client_messages_total: ['counter', ['direction', 'type']],
  chat_client_message_duration_seconds: ['histogram', ['operation']],
  chat_client_errors_total: ['counter', ['type']],
  chat_client_reconnections_total: ['counter', []],
}

/** What a histogram of the Go client has where nothing is said of buckets, as in the guide: queries by `le` rely on them. */
const GUIDE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const names = Object.keys(DEFINITIONS) as (keyof typeof DEFINITIONS)[]

describe('the definitions', () => {
  it('have the six of the guide, exactly', () => {
    const found = names
      .filter(name => name.startsWith('chat_client_'))
      .map(name => [name, [DEFINITIONS[name].kind, DEFINITIONS[name].labels]])
    expect(Object.fromEntries(found)).toEqual(GUIDE)
    expect(DEFINITIONS.chat_client_message_duration_seconds.buckets).toEqual(
      expect.arrayContaining(GUIDE_BUCKETS),
    )
  })

  it('have those of what shares its work over Redis, by the names that dashboards know', () => {
    const found = names.filter(name => /^veza_(?:bot|relay|redis)_/.test(name))
    expect(Object.fromEntries(found.map(name => [name, DEFINITIONS[name].labels]))).toEqual({
      veza_bot_answers_total: ['result'],
      veza_bot_pending_messages: [],
      veza_bot_answer_duration_seconds: [],
      veza_relay_messages_total: ['direction'],
      veza_relay_rooms: [],
      veza_relay_members: [],
      veza_relay_takeovers_total: [],
      veza_relay_fenced_total: [],
      veza_relay_pending_messages: [],
      veza_relay_dead_letters_total: [],
      veza_redis_connected: [],
      veza_redis_errors_total: ['type'],
    })
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

  it('counts the CPU time of the whole process, not from when somebody looked first', async () => {
    const {user, system} = process.cpuUsage()
    const text = await new MetricRegistry([]).text()
    expect(figure(text, 'process_cpu_seconds_total')).toBeGreaterThanOrEqual((user + system) / 1e6)
    expect(figure(text, 'process_cpu_user_seconds_total')).toBeGreaterThanOrEqual(user / 1e6)
    expect(figure(text, 'process_cpu_system_seconds_total')).toBeGreaterThanOrEqual(system / 1e6)
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

  it('has at 0 from the start what alerts wait for: increase() does not see a series begin at 1', async () => {
    const text = await new MetricRegistry(GROUPS).text()
    const series = [
      'chat_client_errors_total{type="signed_out"}',
      'chat_client_errors_total{type="unreachable"}',
      'veza_bot_answers_total{result="failed"}',
      'veza_bot_answers_total{result="answered"}',
      'veza_relay_messages_total{direction="in"}',
      'veza_relay_messages_total{direction="out"}',
      'veza_redis_errors_total{type="away"}',
      'veza_redis_errors_total{type="full"}',
      'veza_redis_errors_total{type="other"}',
    ]
    for (const name of series) expect([name, figure(text, name)]).toEqual([name, 0])
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

  it('is read by promtool, which has nothing to say against it', async context => {
    const registry = new MetricRegistry(GROUPS)
    for (const name of names) noteOne(registry, name)
    const input = await registry.text({source: 'a"b\\c'})
    const {error, status, stderr, stdout} = spawnSync('promtool', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    })
    context.skip(error !== undefined, 'promtool is not there')
    expect([status, `${stdout}${stderr}`]).toEqual([0, ''])
  })
})

function noteOne(registry: MetricRegistry, name: keyof typeof DEFINITIONS): void {
  const {kind, labels} = DEFINITIONS[name]
  const values = Object.fromEntries(labels.map(label => [label, 'x']))
  if (kind === 'counter') registry.add(name as 'chat_client_errors_total', values as {type: string})
  if (kind === 'histogram')
    registry.observe(name as 'chat_client_message_duration_seconds', values as {operation: string}, 1)
}
