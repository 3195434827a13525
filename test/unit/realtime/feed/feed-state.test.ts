import {afterEach, describe, expect, it} from 'vitest'
import {openRig, stopRigs} from './feed-kit.js'

afterEach(stopRigs)

describe('the state of a feed', () => {
  it('is live from ready to the end of the connection, and again when all gaps are closed', async () => {
    const rig = await openRig()
    expect(rig.feed.state).toMatchObject({isConnected: false, isLive: false})
    await rig.event('ready')
    expect(rig.feed.state).toMatchObject({isConnected: true, isLive: true})
    expect(rig.feed.counters.attempts).toBe(1)
    let filling: unknown
    rig.server.beforeHistory = async () => {
      filling ??= rig.feed.state
    }
    const client = await rig.server.client(0)
    client.drop()
    await rig.event('disconnected')
    expect(rig.feed.state).toMatchObject({isConnected: false, isLive: false})
    await rig.event('reconnected')
    expect(filling).toMatchObject({isConnected: true, isLive: false})
    expect(rig.feed.state).toMatchObject({isConnected: true, isLive: true})
    expect(rig.feed.counters.attempts).toBe(2)
    await rig.feed.close()
    expect(rig.feed.state).toMatchObject({isConnected: false, isLive: false})
  })

  it('counts what waits for the reader', async () => {
    const rig = await openRig()
    await rig.event('ready')
    const {waiting: before} = rig.feed.state
    for (const id of [1, 2, 3]) rig.server.post(id)
    while (rig.feed.counters.delivered < 3) await new Promise(resolve => setImmediate(resolve))
    expect(rig.feed.state.waiting).toBe(before + 3)
    expect(await rig.take(3)).toEqual([1, 2, 3])
    expect(rig.feed.state.waiting).toBe(0)
  })
})
