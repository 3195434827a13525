import {afterEach, describe, expect, it} from 'vitest'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {FeedEvent} from '../../../../src/lib/realtime/feed/feed-types.js'
import type {WsStub} from '../../../support/ws-stub.js'
import {ending, openRig, ROOM, stopRigs} from './feed-kit.js'

afterEach(stopRigs)

/** Answers the first `times` frames of a type with another frame. */
function answerWith(
  server: WsStub,
  type: string,
  answer: [string, Record<string, unknown>],
  times = Number.POSITIVE_INFINITY,
) {
  let left = times
  server.behaviour.onFrame = (client, frame) => {
    if (frame.type !== type || left-- <= 0) return false
    client.send(...answer)
    return true
  }
}

const types = (events: readonly FeedEvent[]) => events.map(({type}) => type)

describe('a first connection that fails', () => {
  it.each([
    [401, 'signed_out', 2],
    [403, 'forbidden', 1],
    [200, 'not_protocol', 1],
    [404, 'not_protocol', 1],
    [503, 'server_error', 3],
    [429, 'rate_limited', 3],
  ])('with status %i ends with %s after %i attempts', async (status, code, attempts) => {
    const rig = await openRig({}, server => {
      server.behaviour.refusal = {status, headers: {'content-type': 'text/html'}, body: '<html>'}
    })
    expect(await ending(rig.feed)).toMatchObject({code, status})
    expect(rig.refusals).toHaveLength(attempts)
  })

  it('ends with unreachable after 3 attempts, or as many as asked for', async () => {
    const rig = await openRig({}, server => server.stop())
    expect(await ending(rig.feed)).toMatchObject({code: 'unreachable'})
    expect(rig.slept).toEqual([500, 1000])
    const once = await openRig({maxReconnects: 0}, server => server.stop())
    expect(await ending(once.feed)).toMatchObject({code: 'unreachable'})
    expect(once.slept).toEqual([])
  })

  it('waits as long as the server asks', async () => {
    const rig = await openRig({}, server => {
      server.behaviour.refusal = {status: 429, headers: {'retry-after': '7'}}
    })
    const retry = await rig.event('reconnecting')
    expect(retry).toMatchObject({attempt: 1, delayMs: 7500, error: {code: 'rate_limited'}})
    rig.server.behaviour.refusal = undefined
    await rig.event('ready')
  })

  it('asks once for a new token after auth_error, at once', async () => {
    const rig = await openRig({}, server =>
      answerWith(server, 'authenticate', ['auth_error', {code: 'INVALID_TOKEN'}], 1),
    )
    await rig.event('ready')
    expect(rig.refusals).toEqual([false, true])
    expect(rig.slept).toEqual([])
    expect((await (await rig.server.client(1)).received('authenticate')).data).toEqual({token: 'token-2'})
  })

  it('is signed out when the new token is refused too, also with maxReconnects 0', async () => {
    const rig = await openRig({maxReconnects: 0}, server =>
      answerWith(server, 'authenticate', ['auth_error', {code: 'INVALID_TOKEN', message: 'no'}]),
    )
    expect(await ending(rig.feed)).toMatchObject({code: 'signed_out', serverCode: 'INVALID_TOKEN'})
    expect(rig.refusals).toEqual([false, true])
    expect(JSON.stringify(rig.events)).not.toContain('token-1')
    for (const client of rig.server.clients) await client.closed
    expect(rig.timers.pending).toBe(0)
  })

  it('comes back later when auth_error says so', async () => {
    const rig = await openRig({}, server =>
      answerWith(server, 'authenticate', ['auth_error', {code: 'RATE_LIMIT_EXCEEDED', retry_after: 3}], 1),
    )
    await rig.event('ready')
    expect([rig.refusals, rig.slept]).toEqual([[false, false], [3500]])
  })

  it.each([
    ['ROOM_NOT_FOUND', 'not_found'],
    ['PERMISSION_DENIED', 'forbidden'],
  ])('ends with %s as %s', async (serverCode, code) => {
    const rig = await openRig({}, server => answerWith(server, 'join_room', ['error', {code: serverCode}]))
    expect(await ending(rig.feed)).toMatchObject({code, serverCode})
    expect(rig.refusals).toHaveLength(1)
  })

  it.each([
    [1008, 'forbidden', 1],
    [3003, 'forbidden', 1],
    [4401, 'signed_out', 2],
    [1011, 'server_error', 3],
  ])('ends with close code %i as %s after %i attempts', async (closeCode, code, attempts) => {
    const rig = await openRig({}, server => {
      server.behaviour.onFrame = client => {
        client.socket.close(closeCode)
        return true
      }
    })
    expect(await ending(rig.feed)).toMatchObject({code})
    expect(rig.refusals).toHaveLength(attempts)
  })

  it('ends with what is a bug, at once', async () => {
    const bug = new TypeError('x is not a function')
    const rig = await openRig({connect: () => Promise.reject(bug)})
    expect(await ending(rig.feed)).toBe(bug)
  })
})

describe('a live feed whose connection breaks', () => {
  it.each([1000, 1001, 1008, 1011, 1012, 4000])('comes back after close code %i', async closeCode => {
    const rig = await openRig({}, server => {
      server.behaviour.acks = true
    })
    await rig.event('ready')
    rig.server.clients[0]!.socket.close(closeCode, 'so it is')
    await rig.event('reconnected')
    expect(types(rig.events)).toEqual(['ready', 'disconnected', 'reconnecting', 'reconnected'])
    expect(rig.events[1]).toMatchObject({closeCode, error: {message: expect.stringContaining('so it is')}})
  })

  it.each([
    [3003, 'forbidden'],
    [4404, 'not_found'],
  ])('ends after close code %i', async (closeCode, code) => {
    const rig = await openRig({last: 1}, server => server.store(1))
    await rig.event('ready')
    rig.server.clients[0]!.socket.close(closeCode)
    expect(await rig.take(1)).toEqual([1])
    expect(await ending(rig.feed)).toMatchObject({code})
  })

  it('comes back through a maintenance page', async () => {
    let attempts = 0
    const rig = await openRig({
      sleep: async () => {
        attempts += 1
        if (attempts === 4) rig.server.behaviour.refusal = undefined
      },
    })
    await rig.event('ready')
    rig.server.behaviour.refusal = {status: 200, headers: {'content-type': 'text/html'}, body: '<html>'}
    rig.server.clients[0]!.drop()
    await rig.event('reconnected')
    expect(rig.slept).toEqual([500, 1000, 2000, 4000])
  })

  it('begins with short delays again only after a frame has shown a live session', async () => {
    const rig = await openRig()
    await rig.event('ready')
    rig.server.clients[0]!.drop()
    await rig.event('reconnected')
    rig.server.clients[1]!.drop()
    await rig.event('reconnected', 1)
    expect(rig.slept).toEqual([500, 1000])
    rig.server.post(1)
    expect(await rig.take(1)).toEqual([1])
    rig.server.clients[2]!.drop()
    await rig.event('reconnected', 2)
    expect(rig.slept).toEqual([500, 1000, 500])
  })

  it('takes a connection that stood for 30 s for a live session', async () => {
    const rig = await openRig({maxReconnects: 1})
    await rig.event('ready')
    for (let round = 0; round < 3; round += 1) {
      rig.timers.advance(30_000)
      rig.server.clients[round]!.drop()
      await rig.event('reconnected', round)
    }
    expect(rig.slept).toEqual([500, 500, 500])
  })

  it('gives up after maxReconnects failures in a row', async () => {
    const rig = await openRig({maxReconnects: 2})
    await rig.event('ready')
    await rig.server.stop()
    expect(await ending(rig.feed)).toMatchObject({code: 'unreachable'})
    expect(rig.slept).toHaveLength(2)
  })

  it('tells how long it was away', async () => {
    const rig = await openRig({sleep: async () => rig.timers.advance(1234)})
    await rig.event('ready')
    rig.server.clients[0]!.drop()
    expect(await rig.event('reconnected')).toEqual({type: 'reconnected', downMs: 1234})
  })

  it('reports the gap that it has filled', async () => {
    const rig = await openRig()
    await rig.event('ready')
    const client = await rig.server.client(0)
    client.drop()
    await client.closed
    for (const id of [7, 8, 9]) rig.server.store(id)
    expect(await rig.event('gap_filled')).toEqual({
      type: 'gap_filled',
      channel: ROOM,
      from: 7,
      to: 9,
      count: 3,
    })
  })

  it('notices a silence before 60 s and comes back', async () => {
    const rig = await openRig({autoPong: false}, server => {
      server.behaviour.acks = true
    })
    await rig.event('ready')
    rig.timers.advance(55_000)
    const {error} = await rig.event('disconnected')
    expect(error).toMatchObject({code: 'unreachable', message: 'no sign of life for 55 s'})
    await rig.event('reconnected')
  })

  it('is signed out when the token expires and no new one is accepted', async () => {
    const rig = await openRig({}, server => {
      server.behaviour.acks = true
    })
    await rig.event('ready')
    answerWith(rig.server, 'authenticate', ['auth_error', {}])
    rig.server.clients[0]!.send('error', {code: 'TOKEN_EXPIRED'})
    expect(await ending(rig.feed)).toMatchObject({code: 'signed_out'})
    const [first, ...others] = rig.refusals
    expect([first, new Set(others)]).toEqual([false, new Set([true])])
  })
})

describe('history that fails', () => {
  it('is read again after a growing pause, and what came live meanwhile is not lost', async () => {
    let seen = () => {}
    let failures = 2
    const rig = await openRig({last: 1, onItem: ({type}) => type === 'frame' && seen()}, server => {
      server.store(1)
      server.beforeHistory = async () => {
        if (failures-- <= 0) return
        const held = new Promise<void>(resolve => {
          seen = resolve
        })
        server.post(server.newestId + 1)
        server.clients.at(-1)!.send('marker', {})
        await held
        throw new VezaError('server_error', 'out of order', {status: 503})
      }
    })
    expect(await rig.take(3)).toEqual([1, 2, 3])
    expect([rig.refusals.length, rig.slept]).toEqual([1, [500, 1000]])
  })

  it('counts as a failed attempt when it could never be read', async () => {
    const history = () => Promise.reject(new VezaError('server_error', 'out of order', {status: 503}))
    const rig = await openRig({readPage: history})
    expect(await ending(rig.feed)).toMatchObject({code: 'server_error'})
    expect([rig.refusals.length, rig.slept]).toEqual([3, [500, 1000, 500, 500, 1000, 1000, 500, 1000]])
  })

  it('is not waited for when the connection breaks', async () => {
    const rig = await openRig({last: 1}, server => {
      server.store(1)
      server.beforeHistory = () => {
        server.beforeHistory = undefined
        server.clients[0]!.drop()
        return new Promise(() => {})
      }
    })
    expect(await rig.take(1)).toEqual([1])
  })

  it('is aborted when the connection breaks, and counts for nothing when it comes late', async () => {
    const calls: {signal: AbortSignal; answer: (id: number) => void}[] = []
    let called = () => {}
    const rig = await openRig({
      last: 1,
      readPage: (_channel, {signal}) =>
        new Promise(resolve => {
          const answer = (id: number) => resolve({items: [{id, content: 'x'}], has_more: false})
          calls.push({signal, answer})
          called()
        }),
    })
    const until = async (count: number) => {
      while (calls.length < count) {
        await new Promise<void>(resolve => {
          called = resolve
        })
      }
    }
    await until(1)
    rig.server.clients[0]!.drop()
    await until(2)
    expect(calls.map(({signal}) => signal.aborted)).toEqual([true, false])
    calls[0]!.answer(1)
    await new Promise(resolve => setImmediate(resolve))
    expect(types(rig.events)).toEqual(['reconnecting'])
    calls[1]!.answer(2)
    expect(await rig.take(1)).toEqual([2])
  })

  it('ends the feed when it is refused', async () => {
    const history = () => Promise.reject(new VezaError('forbidden', 'not for you'))
    const rig = await openRig({readPage: history})
    expect(await ending(rig.feed)).toMatchObject({code: 'forbidden'})
    expect(await rig.server.clients[0]!.closed).toMatchObject({code: 1000})
  })
})

describe('an abort', () => {
  it('before the start connects to nobody', async () => {
    const rig = await openRig({signal: AbortSignal.abort()})
    expect(await ending(rig.feed)).toBeUndefined()
    expect(rig.refusals).toEqual([])
  })

  it('while connecting ends the feed and leaves no timer', async () => {
    const abort = new AbortController()
    const rig = await openRig({signal: abort.signal}, server => {
      server.behaviour.mute = true
    })
    await rig.server.muted()
    abort.abort()
    expect(await ending(rig.feed)).toBeUndefined()
    expect(rig.timers.pending).toBe(0)
    expect(rig.events).toEqual([])
  })

  it('while waiting to reconnect ends the feed', async () => {
    const abort = new AbortController()
    const sleep = (signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        abort.abort()
      })
    const rig = await openRig({signal: abort.signal, sleep}, server => server.stop())
    expect(await ending(rig.feed)).toBeUndefined()
    expect(types(rig.events)).toEqual(['reconnecting'])
    expect(rig.timers.pending).toBe(0)
  })

  it('while history is read ends the feed', async () => {
    const abort = new AbortController()
    const rig = await openRig({signal: abort.signal}, server => {
      server.beforeHistory = () => {
        abort.abort()
        return new Promise(() => {})
      }
    })
    expect(await ending(rig.feed)).toBeUndefined()
    expect(await rig.server.clients[0]!.closed).toMatchObject({code: 1000})
  })

  it('while live closes the socket with 1000 and leaves no timer', async () => {
    const abort = new AbortController()
    const rig = await openRig({signal: abort.signal})
    await rig.event('ready')
    abort.abort()
    expect(await ending(rig.feed)).toBeUndefined()
    expect(await rig.server.clients[0]!.closed).toMatchObject({code: 1000})
    expect(rig.timers.pending).toBe(0)
    expect(types(rig.events)).toEqual(['ready'])
  })
})
