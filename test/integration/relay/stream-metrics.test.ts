import {expect, test} from 'vitest'
import type {Running} from '../../support/veza.js'
import {figure} from '../../unit/metrics/kit.js'
import {kill, stop, told, useStreams} from './stream-kit.js'

const LIMIT_MS = 40_000
const world = useStreams()

/** A relay that is watched, and how to read its metrics. */
async function watched(): Promise<{relay: Running; read: (path?: string) => Promise<Response>}> {
  const relay = world.relay(['--metrics-listen', '0', '--attempts', '2'])
  const said = await relay.sees('stderr', /^metrics: \S+\/metrics\n/m)
  const url = /^metrics: (\S+)\/metrics$/m.exec(said)?.[1]
  return {relay, read: (path = 'metrics') => fetch(`${url}/${path}`)}
}

test(
  'they tell what was sent and what is dead, what waits, and whose lease it is',
  async () => {
    const {relay, read} = await watched()
    await relay.sees('stderr', 'ready: ')
    for (const content of ['one', 'two', ' ']) await world.add({content})
    await told(relay, 3)
    world.sandbox.faults.arm({kind: 'html', method: 'POST', path: '/rooms/', count: 10_000})
    for (const content of ['three', 'four']) await world.add({content})
    await relay.sees('stderr', 'trying again in')
    const text = await (await read()).text()
    expect(figure(text, 'veza_relay_messages_total{direction="out"}')).toBe(2)
    expect(figure(text, 'chat_client_messages_total{direction="sent",type="room_message"}')).toBe(2)
    expect(figure(text, 'veza_relay_dead_letters_total')).toBe(1)
    // The one under way was given out when it was alone.
    expect(figure(text, 'veza_relay_pending_messages')).toBeGreaterThanOrEqual(1)
    expect(figure(text, 'veza_relay_rooms')).toBe(1)
    expect(figure(text, 'veza_relay_members')).toBe(1)
    expect(figure(text, 'veza_redis_connected')).toBe(1)
    expect(figure(text, 'chat_client_errors_total{type="server_error"}')).toBeGreaterThanOrEqual(1)
    expect(text).not.toContain('jobs')
    expect((await read('readyz')).status).toBe(200)
    world.redis.freeze()
    await relay.sees('stderr', 'is away')
    expect((await read('readyz')).status).toBe(503)
    expect(figure(await (await read()).text(), 'veza_redis_errors_total{type="away"}')).toBeGreaterThan(0)
    world.redis.thaw()
    await relay.sees('stderr', 'is back')
    world.sandbox.faults.clear()
    await told(relay, 5)
    await stop(relay)
  },
  LIMIT_MS,
)

test(
  'a takeover is counted by who takes over, who stood by is ready before',
  async () => {
    const first = world.relay()
    await first.sees('stderr', 'ready: relaying')
    const {relay, read} = await watched()
    await relay.sees('stderr', 'ready: standing by')
    expect((await read('readyz')).status).toBe(200)
    const before = await (await read()).text()
    expect(figure(before, 'veza_relay_rooms')).toBe(0)
    expect(figure(before, 'veza_relay_members')).toBe(2)
    await kill(first)
    await relay.sees('stderr', 'now relaying jobs into rooms')
    const after = await (await read()).text()
    expect(figure(after, 'veza_relay_takeovers_total')).toBe(1)
    expect(figure(after, 'veza_relay_rooms')).toBe(1)
    await stop(relay)
  },
  LIMIT_MS,
)
