import {describe, expect, test} from 'vitest'
import {SharedChannels} from '../../../../../src/lib/cli/bot/shared/shared-channels.js'
import {type Channel, channelKey} from '../../../../../src/lib/realtime/channel.js'
import type {ChannelStart} from '../../../../../src/lib/realtime/feed/feed-types.js'
import type {ChannelPart} from '../../../../../src/lib/state/redis/channel-store.js'
import {checkpointIn, EFFECTS, messageIn, REDIS_AWAY} from './kit.js'

const ROOM = {name: 'room:1', token: 1}
const DM = {name: 'dm:2', token: 2}

/** Channels over a Redis that knows `texts`, fails as often as `failures` says, and takes parts of leases in `valid`. */
function rig({texts = {}, failures = 0}: {texts?: Record<string, string>; failures?: number} = {}) {
  const follows: ChannelStart[] = []
  const log: string[] = []
  const saved: ChannelPart[] = []
  const fenced = new Set<number>()
  const errors: unknown[] = []
  let left = failures
  let onSave: () => void = () => undefined
  let release: () => void = () => undefined
  const underWay = new Promise<void>(resolve => {
    release = resolve
  })
  const fail = (): void => {
    if (left > 0) {
      left -= 1
      throw REDIS_AWAY
    }
  }
  const channels = new SharedChannels({
    effects: EFFECTS,
    signal: new AbortController().signal,
    onTrouble: () => void log.push('trouble'),
    feed: {
      follow: starts => void follows.push(...starts),
      unfollow: gone => void log.push(...gone.map(channel => `unfollow ${channelKey(channel)}`)),
    },
    store: {
      read: async names => {
        fail()
        return names.map(name => texts[name])
      },
      save: async parts => {
        fail()
        saved.push(...parts)
        onSave()
        return parts.map(({lease}) => !fenced.has(lease.token))
      },
    },
    startOf: async channel => ({channel, afterId: 40}),
    finish: async channel => {
      log.push(`finish ${channelKey(channel)}`)
      if (channel.kind === 'dm') await underWay
    },
    onChange: () => undefined,
    onFenced: () => void log.push('fenced'),
    onFailure: error => void errors.push(error),
  })
  const onSaveDo = (work: () => void): void => {
    onSave = work
  }
  return {channels, follows, log, saved, fenced, errors, release, onSave: onSaveDo}
}

/** Whatever was begun has come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

async function gained(parts: ReturnType<typeof rig>, ...leases: readonly {name: string; token: number}[]) {
  parts.channels.gained(leases)
  await settled()
  return parts.follows.map(({channel}) => channel) as [Channel, Channel]
}

describe('SharedChannels', () => {
  test('begin where Redis says, else where a start is found', async () => {
    const parts = rig({texts: {'room:1': '7 '}})
    await gained(parts, ROOM, DM)
    expect(parts.follows).toEqual([
      {channel: {kind: 'room', id: 1}, afterId: 7, delivered: expect.anything()},
      {channel: {kind: 'dm', id: 2}, afterId: 40},
    ])
    expect(parts.channels.size).toBe(2)
    expect(parts.channels.areKnown).toBe(false)
    expect(parts.errors).toEqual([])
  })

  test('what is done is saved under the lease, once Redis takes it', async () => {
    const parts = rig({texts: {'room:1': '7 '}})
    const [room] = await gained(parts, ROOM)
    const item = messageIn(room, 8)
    parts.channels.taken(item)
    parts.channels.done([item])
    parts.channels.checkpoint(checkpointIn(room, 8))
    await settled()
    expect(parts.saved).toEqual([{lease: ROOM, text: '8 ', done: [8]}])
    expect(parts.channels.areKnown).toBe(true)
  })

  test('while Redis is away it is tried again', async () => {
    const parts = rig({failures: 2})
    const [room] = await gained(parts, ROOM)
    parts.channels.checkpoint(checkpointIn(room, 40))
    await settled()
    expect(parts.log).toEqual(['trouble', 'trouble'])
    expect(parts.saved).toHaveLength(1)
  })

  test('what is lost is not ours, and comes of another lease as another channel', async () => {
    const parts = rig()
    const [room] = await gained(parts, ROOM)
    expect(parts.channels.isOurs(room)).toBe(true)
    parts.channels.lost([ROOM])
    expect(parts.channels.isOurs(room)).toBe(false)
    expect(parts.channels.leaseOf(room)).toBeUndefined()
    expect(parts.log).toEqual(['finish room:1', 'unfollow room:1'])
    const [, again] = await gained(parts, {...ROOM, token: 5})
    expect(parts.channels.isOurs(room)).toBe(false)
    expect(parts.channels.isOurs(again)).toBe(true)
  })

  test('what is lost while it is looked up never begins', async () => {
    const parts = rig()
    parts.channels.gained([ROOM])
    parts.channels.lost([ROOM])
    await settled()
    expect(parts.follows).toEqual([])
    expect(parts.channels.size).toBe(0)
  })

  test('what Redis refuses to keep is lost', async () => {
    const parts = rig()
    const [room] = await gained(parts, ROOM)
    parts.fenced.add(ROOM.token)
    parts.channels.checkpoint(checkpointIn(room, 40))
    await settled()
    expect(parts.log).toContain('fenced')
    expect(parts.channels.isOurs(room)).toBe(false)
  })

  test('a hand-over waits for what is under way, which still counts, and begins nothing more', async () => {
    const parts = rig()
    const [dm] = await gained(parts, DM)
    const item = messageIn(dm, 41)
    parts.channels.taken(item)
    let isOver = false
    const over = parts.channels.handOver([DM]).then(() => {
      isOver = true
    })
    await settled()
    expect([isOver, parts.channels.isOurs(dm), parts.channels.leaseOf(dm)]).toEqual([false, false, DM])
    parts.channels.done([item])
    parts.release()
    await over
    expect(parts.saved.at(-1)).toMatchObject({lease: DM, done: [41]})
    expect(parts.channels.leaseOf(dm)).toBeUndefined()
    expect(parts.log).toEqual(['unfollow dm:2', 'finish dm:2', 'finish dm:2'])
  })

  test('a hand-over does not wait for what goes on in other channels', async () => {
    const parts = rig()
    const [room, dm] = await gained(parts, ROOM, DM)
    let id = 41
    const goOn = (): void => {
      if (id === 91) return
      const item = messageIn(dm, id)
      id += 1
      parts.channels.taken(item)
      parts.channels.done([item])
    }
    parts.onSave(goOn)
    parts.channels.checkpoint(checkpointIn(dm, 40))
    await Promise.resolve()
    parts.channels.checkpoint(checkpointIn(room, 40))
    await parts.channels.handOver([ROOM])
    expect(parts.saved.filter(({lease}) => lease === ROOM)).toHaveLength(1)
    expect(id).toBeLessThan(91)
  })
})
