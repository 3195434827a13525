import {once} from 'node:events'

import {describe, expect, it} from 'vitest'

import {online, signIn} from '../support.js'
import {
  contentsOf,
  DIALECTS,
  ENDLESS_MS,
  fence,
  heard,
  post,
  rawSocket,
  type Stage,
  setStage,
  stored,
} from './kit.js'

/** Two sockets in `general`, and what it is called on. */
async function listeners(stage: Stage) {
  return [await online(stage.sandbox, stage.alice, 1), await online(stage.sandbox, stage.bob, 1)] as const
}

describe.each(DIALECTS)('a broadcast, in the %s dialect,', dialect => {
  it('is swallowed: nobody gets it, history has it, the next one comes', async () => {
    const stage = await setStage({dialect, faults: [{kind: 'swallow'}]})
    const [atAlice, atBob] = await listeners(stage)
    expect(await heard(stage, ['a', 'b'], atAlice, atBob)).toEqual([['b'], ['b']])
    expect(await stored(stage)).toEqual(['a', 'b'])
    expect(stage.sandbox.faults.counts().swallow).toBe(1)
  })

  it('comes twice', async () => {
    const stage = await setStage({dialect, faults: [{kind: 'duplicate', count: 2}]})
    const [atAlice, atBob] = await listeners(stage)
    const twice = ['a', 'a', 'b', 'b', 'c']
    expect(await heard(stage, ['a', 'b', 'c'], atAlice, atBob)).toEqual([twice, twice])
    expect(await stored(stage)).toEqual(['a', 'b', 'c'])
  })

  it('changes places with the next', async () => {
    const stage = await setStage({dialect, faults: [{kind: 'reorder', durationMs: ENDLESS_MS}]})
    const [atAlice, atBob] = await listeners(stage)
    const swapped = ['b', 'a', 'c']
    expect(await heard(stage, ['a', 'b', 'c'], atAlice, atBob)).toEqual([swapped, swapped])
    // Its time is over now, too: that is nothing any more.
    stage.sandbox.faults.clear()
    expect(await heard(stage, ['d'], atAlice)).toEqual([['d']])
  })

  it('is held, with all after it, and they come in their order', async () => {
    const stage = await setStage({dialect, faults: [{kind: 'delay', durationMs: ENDLESS_MS}]})
    const [atAlice, atBob] = await listeners(stage)
    expect(await heard(stage, ['a', 'b', 'c'], atAlice, atBob)).toEqual([[], []])
    stage.sandbox.faults.clear()
    expect(await heard(stage, ['d'], atAlice, atBob)).toEqual([
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'c', 'd'],
    ])
  })
})

describe.each(DIALECTS)('a message, in the %s dialect,', dialect => {
  it('is late: acknowledged at once, in history and heard of after one with a higher id', async () => {
    const stage = await setStage({dialect, faults: [{kind: 'late', durationMs: ENDLESS_MS, roomId: 1}]})
    const [atAlice] = await listeners(stage)
    const {status} = await post(stage, 'a')
    expect([status, await heard(stage, ['b'], atAlice), await stored(stage)]).toEqual([201, [['b']], ['b']])
    stage.sandbox.faults.clear()
    expect([await contentsOf(atAlice), await stored(stage)]).toEqual([['a'], ['a', 'b']])
    expect(stage.sandbox.faults.counts().late).toBe(1)
  })

  it('is late in a conversation, too', async () => {
    const stage = await setStage({dialect, faults: [{kind: 'late', durationMs: ENDLESS_MS}]})
    const client = await online(stage.sandbox, stage.bob)
    await stage.alice.post('/conversations', {user_id: 3})
    await stage.alice.post('/conversations/1/messages', {content: 'psst'})
    const history = async (): Promise<string> =>
      JSON.stringify((await stage.bob.get('/conversations/1/messages')).data)
    expect([await client.drain(), await history()]).toEqual([[], expect.not.stringContaining('psst')])
    stage.sandbox.faults.clear()
    expect((await client.drain()).map(({data}) => data.content)).toEqual(['psst'])
    expect(await history()).toContain('psst')
  })
})

describe('what is held', () => {
  it('goes out by itself when the time is over', async () => {
    const stage = await setStage({faults: [{kind: 'delay', durationMs: 20}]})
    const [atAlice] = await listeners(stage)
    await post(stage, 'a')
    expect(await atAlice.next('room_message')).toMatchObject({content: 'a'})
  })

  it('goes out alone when no second one comes to change places with', async () => {
    const stage = await setStage({faults: [{kind: 'reorder', durationMs: 20}]})
    const [atAlice] = await listeners(stage)
    await post(stage, 'a')
    expect(await atAlice.next('room_message')).toMatchObject({content: 'a'})
    expect(await heard(stage, ['b'], atAlice)).toEqual([['b']])
  })

  it('does not keep the sandbox from closing', async () => {
    const stage = await setStage({faults: [{kind: 'delay', durationMs: ENDLESS_MS}]})
    const [atAlice] = await listeners(stage)
    await post(stage, 'a')
    await stage.sandbox.close()
    expect(await atAlice.close()).toBe(1001)
  })
})

describe('faults of broadcasts', () => {
  it('strike one broadcast each, in the order in which they were armed', async () => {
    const stage = await setStage()
    const [atAlice] = await listeners(stage)
    for (const kind of ['swallow', 'duplicate', 'reorder'] as const) stage.sandbox.faults.arm({kind})
    expect(stage.sandbox.faults.armed().map(({spec}) => spec.kind)).toEqual([
      'swallow',
      'duplicate',
      'reorder',
    ])
    expect(await heard(stage, ['a', 'b', 'c', 'd'], atAlice)).toEqual([['b', 'b', 'd', 'c']])
    expect(stage.sandbox.faults.counts()).toMatchObject({swallow: 1, duplicate: 1, reorder: 1, delay: 0})
    expect(stage.sandbox.faults.armed()).toEqual([])
  })

  it('keep to the room that is named', async () => {
    const stage = await setStage()
    const {id} = (await stage.alice.post('/rooms', {name: 'other'})).data
    const client = await online(stage.sandbox, stage.alice, 1, Number(id))
    for (const kind of ['swallow', 'delay', 'reorder'] as const)
      stage.sandbox.faults.arm({
        kind,
        roomId: Number(id),
        durationMs: kind === 'swallow' ? undefined : ENDLESS_MS,
      })
    for (const content of ['swallowed', 'delays', 'held']) {
      await stage.alice.post(`/rooms/${id}/messages`, {content})
      await post(stage, `not ${content}`)
    }
    expect(await contentsOf(client)).toEqual(['not swallowed', 'not delays', 'not held'])
    stage.sandbox.faults.clear()
    expect(await contentsOf(client)).toEqual(['delays', 'held'])
  })

  it('strike direct messages, too', async () => {
    const stage = await setStage({faults: [{kind: 'duplicate'}]})
    const client = await online(stage.sandbox, stage.bob)
    await stage.alice.post('/conversations', {user_id: 3})
    await stage.alice.post('/conversations/1/messages', {content: 'psst'})
    const frames = await client.drain()
    expect(frames.map(({type, data}) => [type, data.content])).toEqual([
      ['dm_message', 'psst'],
      ['dm_message', 'psst'],
    ])
  })

  it('leave the sender his acknowledgement', async () => {
    const stage = await setStage({faults: [{kind: 'swallow'}]})
    const [atAlice, atBob] = await listeners(stage)
    atAlice.send('send_message', {room_id: 1, content: 'a'})
    expect((await atAlice.drain()).map(({type}) => type)).toEqual(['message_sent'])
    expect(await atBob.drain()).toEqual([])
  })
})

describe('by ratio', () => {
  const contents = Array.from({length: 60}, (_, index) => String(index))

  async function run(faultSeed: number): Promise<string[][]> {
    const stage = await setStage({
      faultSeed,
      faults: [
        {kind: 'swallow', ratio: 0.2},
        {kind: 'duplicate', ratio: 0.2},
        {kind: 'reorder', ratio: 0.2, durationMs: ENDLESS_MS},
      ],
    })
    const [atAlice, atBob] = await listeners(stage)
    const got = await heard(stage, contents, atAlice, atBob)
    await stage.sandbox.close()
    return got
  }

  it('the same seed gives the same again, another one does not', async () => {
    const [first, again, other] = [await run(7), await run(7), await run(8)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('swallow keeps a broadcast from some sockets and not from others', async () => {
    const stage = await setStage({faultSeed: 1, faults: [{kind: 'swallow', ratio: 0.5}]})
    const [atAlice, atBob] = await listeners(stage)
    const [byAlice = [], byBob = []] = await heard(stage, contents, atAlice, atBob)
    const missed = contents.length * 2 - byAlice.length - byBob.length
    expect(stage.sandbox.faults.counts().swallow).toBe(missed)
    expect(missed).toBeGreaterThan(20)
    expect(byAlice.filter(content => !byBob.includes(content)).length).toBeGreaterThan(0)
    expect(byBob.filter(content => !byAlice.includes(content)).length).toBeGreaterThan(0)
  })

  it('count is the most that it strikes', async () => {
    const stage = await setStage({faults: [{kind: 'swallow', ratio: 1, count: 3}]})
    const atAlice = await online(stage.sandbox, stage.alice, 1)
    expect(await heard(stage, ['a', 'b', 'c', 'd'], atAlice)).toEqual([['d']])
  })
})

describe('garbage', () => {
  it('comes before the broadcast, each kind of it in turn, and is never a message', async () => {
    const stage = await setStage({faults: [{kind: 'garbage', count: 6}]})
    const {socket, frames} = await rawSocket(stage)
    for (let index = 0; index < 6; index += 1) await post(stage, `m${index}`)
    await fence(socket)
    expect(frames).toHaveLength(12)
    const [broken, real] = [
      frames.filter((_, index) => index % 2 === 0),
      frames.filter((_, index) => index % 2 === 1),
    ]
    expect(real.map(({text}) => JSON.parse(text).data.content)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5'])
    const [noJson, array, binary, noType, wrongData, cut] = broken
    expect(() => JSON.parse(noJson!.text)).toThrow()
    expect(JSON.parse(array!.text)).toBeInstanceOf(Array)
    expect(broken.map(({isBinary}) => isBinary)).toEqual([false, false, true, false, false, false])
    expect(binary).toMatchObject({isBinary: true})
    expect(JSON.parse(noType!.text)).not.toHaveProperty('type')
    expect(JSON.parse(wrongData!.text)).toEqual({type: 'room_message', data: expect.any(String)})
    expect(() => JSON.parse(cut!.text)).toThrow()
    expect(broken.some(({text}) => /"(message_)?id"/.test(text))).toBe(false)
  })

  it('is broken UTF-8 in its seventh turn, at which the other side must fail the connection', async () => {
    const stage = await setStage({faults: [{kind: 'garbage', count: 7}]})
    const {socket} = await rawSocket(stage)
    const failed = once(socket, 'error')
    for (let index = 0; index < 7; index += 1) await post(stage, `m${index}`)
    expect(await failed).toMatchObject([{code: 'WS_ERR_INVALID_UTF8'}])
  })
})

it('without any fault a broadcast reaches those who joined, once', async () => {
  const stage = await setStage({faultSeed: 1})
  const outsider = await online(stage.sandbox, await signIn(stage.sandbox, 'bot'))
  const [atAlice, atBob] = await listeners(stage)
  expect(await heard(stage, ['a', 'b'], atAlice, atBob, outsider)).toEqual([['a', 'b'], ['a', 'b'], []])
})
