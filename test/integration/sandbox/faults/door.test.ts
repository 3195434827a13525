import {once} from 'node:events'
import {Agent, createServer as createHttpServer} from 'node:http'
import {createServer} from 'node:net'

import {describe, expect, it} from 'vitest'

import type {App} from '../../../../src/sandbox/app.js'
import {Door} from '../../../../src/sandbox/door.js'
import {Faults} from '../../../../src/sandbox/faults/faults.js'
import {strikeMoment} from '../../../../src/sandbox/faults/moments.js'
import {Hub} from '../../../../src/sandbox/realtime/hub.js'
import {connect, later, online, start} from '../support.js'
import {ENDLESS_MS, exchange, heard, post, setStage, stored, untilUp} from './kit.js'

describe('refuse', () => {
  it('resets each new connection and each call, and leaves the sockets that are open', async () => {
    const stage = await setStage()
    const {sandbox, alice} = stage
    const agent = new Agent({keepAlive: true})
    later(() => agent.destroy())
    expect((await exchange(sandbox, 'GET', '/health', {agent})).status).toBe(200)
    const client = await online(sandbox, alice, 1)
    sandbox.faults.arm({kind: 'refuse', durationMs: ENDLESS_MS})
    // Over a connection that was kept, and over a new one.
    expect(await exchange(sandbox, 'GET', '/health', {agent})).toEqual({error: 'ECONNRESET'})
    expect(await exchange(sandbox, 'GET', '/health')).toEqual({error: 'ECONNRESET'})
    await expect(connect(sandbox)).rejects.toMatchObject({code: 'ECONNRESET'})
    client.send('send_message', {room_id: 1, content: 'still here'})
    expect(await client.next('room_message')).toMatchObject({content: 'still here'})
    sandbox.faults.clear()
    expect((await exchange(sandbox, 'GET', '/health')).status).toBe(200)
    expect(await heard(stage, ['again'], await online(sandbox, alice, 1))).toEqual([['again']])
  })

  it('ends by itself', async () => {
    const {sandbox} = await setStage()
    sandbox.faults.arm({kind: 'refuse', durationMs: 30})
    await untilUp(sandbox)
    expect(sandbox.faults.counts().refuse).toBe(1)
  })

  it('may hold from the start', async () => {
    const sandbox = await start({faults: [{kind: 'refuse', durationMs: ENDLESS_MS}]})
    expect(await exchange(sandbox, 'GET', '/health')).toEqual({error: 'ECONNRESET'})
  })
})

describe('restart', () => {
  it('closes sockets with 1001, cuts calls, refuses, then goes on at the same port with what it had', async () => {
    const stage = await setStage()
    const {sandbox, alice} = stage
    await post(stage, 'before')
    const client = await online(sandbox, alice, 1)
    sandbox.faults.arm({kind: 'hang', durationMs: ENDLESS_MS})
    const cut = exchange(sandbox, 'GET', '/api/v1/rooms', {token: alice.token})
    // The call has come in when the one behind it has been answered.
    while (sandbox.faults.counts().hang === 0) await exchange(sandbox, 'GET', '/api/v1/users/me')
    sandbox.faults.arm({kind: 'restart', durationMs: ENDLESS_MS})
    expect(await exchange(sandbox, 'GET', '/health')).toEqual({error: 'ECONNREFUSED'})
    expect(await client.close()).toBe(1001)
    expect(await cut).toEqual({error: 'ECONNRESET'})
    sandbox.faults.clear()
    await untilUp(sandbox)
    expect(await stored(stage)).toEqual(['before'])
    expect(await heard(stage, ['after'], await online(sandbox, alice, 1))).toEqual([['after']])
    expect(sandbox.faults.counts().restart).toBe(1)
  })

  it('ends by itself', async () => {
    const {sandbox, alice} = await setStage()
    const client = await online(sandbox, alice, 1)
    sandbox.faults.arm({kind: 'restart', durationMs: 20})
    expect(await client.close()).toBe(1001)
    await untilUp(sandbox)
  })

  it('does nothing while another lasts', async () => {
    const waits: number[] = []
    const faults = new Faults(
      1,
      () => {},
      delayMs => {
        waits.push(delayMs)
        return () => {}
      },
    )
    const app = {faults, hub: new Hub(faults.carry)} as unknown as App
    const door = new Door(createHttpServer(), '127.0.0.1', 0, () => true)
    await door.open()
    strikeMoment(app, door, {kind: 'restart', durationMs: 7})
    expect([door.isOpen, waits]).toEqual([false, [1_000, 7]])
    strikeMoment(app, door, {kind: 'restart', durationMs: 7})
    expect(waits).toEqual([1_000, 7])
  })

  it('waits for its port when somebody else has it', async () => {
    const {sandbox} = await setStage()
    sandbox.faults.arm({kind: 'restart', durationMs: ENDLESS_MS})
    const other = createServer(socket => socket.end())
    other.listen(sandbox.port, '127.0.0.1')
    await once(other, 'listening')
    sandbox.faults.clear()
    expect((await exchange(sandbox, 'GET', '/health')).error).toBeDefined()
    other.close()
    await untilUp(sandbox)
  })

  it('is no hindrance to closing for good', async () => {
    const {sandbox} = await setStage()
    sandbox.faults.arm({kind: 'restart', durationMs: ENDLESS_MS})
    await sandbox.close()
    expect(await exchange(sandbox, 'GET', '/health')).toEqual({error: 'ECONNREFUSED'})
  })
})

it('localhost is all its addresses, before a restart and after it', async () => {
  const sandbox = await start({host: 'localhost'})
  const isUp = async (host: string) =>
    (await exchange({url: `http://${host}:${sandbox.port}`}, 'GET', '/health')).status
  const hosts = ['127.0.0.1', '[::1]']
  const before = await Promise.all(hosts.map(isUp))
  expect(before).toContain(200)
  sandbox.faults.arm({kind: 'restart', durationMs: 10})
  await untilUp(sandbox)
  // The second address may open a moment after the first.
  for (const [index, host] of hosts.entries()) while ((await isUp(host)) !== before[index]);
})
