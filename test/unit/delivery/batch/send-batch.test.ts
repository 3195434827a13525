import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {AckServer, type Fate} from './ack-server.js'

const linesOf = (count: number): string[] => Array.from({length: count}, (_, at) => `line ${at + 1}`)

const fatesOf = (fates: Readonly<Record<string, Fate>>): ReadonlyMap<string, Fate> =>
  new Map(Object.entries(fates))

describe('over a WebSocket', () => {
  test('the first message goes over REST, the others as frames; results in order', async () => {
    const server = new AckServer()
    const {results, created, final} = await server.send(linesOf(2_500))
    expect(server.contents).toEqual(linesOf(2_500))
    expect([server.posts, server.frames, server.connections]).toEqual([1, 2_499, 1])
    expect(results.map(({index}) => index)).toEqual(linesOf(2_500).map((_, at) => at + 1))
    expect(results[2_499]).toMatchObject({line: 2_500, outcome: 'created', id: 2_600})
    expect([created, final]).toEqual([2_500, undefined])
  })

  test('whenever it breaks: each message once, in order, on a server that drops no repeats', async () => {
    const fate = fc.constantFrom<Fate>('cut_before', 'cut_after')
    const plan = fc.array(fc.tuple(fc.integer({min: 1, max: 40}), fate), {maxLength: 12})
    const property = fc.asyncProperty(plan, async cuts => {
      const server = new AckServer({fates: new Map(cuts.map(([line, cut]) => [`line ${line}`, cut]))})
      const {created} = await server.send(linesOf(40))
      expect(server.contents).toEqual(linesOf(40))
      expect(created).toBe(40)
    })
    await fc.assert(property, {numRuns: 200})
  })

  test('a whole window that is lost is sent again', async () => {
    const server = new AckServer({fates: fatesOf({'line 3': 'cut_before', 'line 1500': 'cut_after'})})
    const {created} = await server.send(linesOf(2_500))
    expect(server.contents).toEqual(linesOf(2_500))
    expect([created, server.connections]).toEqual([2_500, 3])
  })

  test('what the server stores after the first look is found by the second', async () => {
    const server = new AckServer({fates: fatesOf({'line 9': 'cut_slow'})})
    await server.send(linesOf(20))
    expect(server.contents).toEqual(linesOf(20))
  })

  test('an end while messages are on their way waits for their answers', async () => {
    const server = new AckServer()
    const controller = new AbortController()
    const {created, final} = await server.send(linesOf(3_000), {
      signal: controller.signal,
      show: results => {
        if (results.some(({index}) => index === 500))
          controller.abort(new VezaError('interrupted', 'interrupted'))
        return undefined
      },
    })
    expect(final?.error).toMatchObject({code: 'interrupted'})
    expect(created).toBe(server.messages.length)
    expect(created).toBeLessThan(3_000)
  })

  test('the limit of other connections: the rest goes over REST, from the refused one on', async () => {
    const server = new AckServer({fates: fatesOf({'line 2': 'limited'})})
    await server.send(linesOf(20))
    expect(server.contents).toEqual(linesOf(20))
    expect([server.frames, server.posts]).toEqual([1, 20])
  })

  test('a room that has to be joined is joined', async () => {
    const server = new AckServer({wantsJoin: true})
    await server.send(linesOf(20))
    expect(server.contents).toEqual(linesOf(20))
    expect(server.posts).toBe(1)
  })

  test('a server without acknowledgements, without metadata in them, or without WebSocket gets REST', async () => {
    for (const options of [{greets: false}, {keepsMetadata: false}, {refusals: 1}]) {
      const server = new AckServer(options)
      await server.send(linesOf(20))
      expect(server.contents).toEqual(linesOf(20))
      expect(server.frames).toBeLessThanOrEqual(1)
    }
  })

  test('with a limit no connection is opened', async () => {
    const server = new AckServer()
    await server.send(linesOf(20), {isUnlimited: () => false})
    expect([server.contents.length, server.connections]).toEqual([20, 0])
  })
})

describe('a message that the server refuses', () => {
  const fates = fatesOf({'line 5': 'refused', 'line 9': 'refused'})

  test('ends the batch; what was on its way behind it is counted', async () => {
    const server = new AckServer({fates})
    const {results, final, created, failed} = await server.send(linesOf(3_000))
    expect(final).toMatchObject({line: 5, error: {code: 'refused'}})
    expect(results[4]).toMatchObject({index: 5, error: {code: 'refused'}})
    expect(server.contents).not.toContain('line 5')
    expect(created).toBe(server.messages.length)
    expect(created).toBeLessThan(1_200)
    expect(failed).toBe(1)
  })

  test('over REST nothing behind it was sent', async () => {
    const server = new AckServer({fates})
    const {created} = await server.send(linesOf(3_000), {isUnlimited: () => false})
    expect([created, server.contents]).toEqual([4, linesOf(4)])
  })

  test('is left out with keepsGoing, and the others keep their order', async () => {
    const server = new AckServer({fates})
    const {results, first, final, failed} = await server.send(linesOf(3_000), {keepsGoing: true})
    expect(server.contents).toEqual(linesOf(3_000).filter(line => !fates.has(line)))
    expect(results.map(({index}) => index)).toEqual(linesOf(3_000).map((_, at) => at + 1))
    expect([first?.line, final, failed]).toEqual([5, undefined, 2])
  })
})

test('an input that fails ends the batch, behind what came before', async () => {
  const server = new AckServer()
  const {final, created} = await server.send([], {
    input: (async function* () {
      yield linesOf(3).map((content, at) => ({index: at + 1, line: at + 1, content}))
      throw new VezaError('file_unreadable', 'gone')
    })(),
  })
  expect([created, final]).toEqual([
    3,
    {error: expect.objectContaining({code: 'file_unreadable'}), line: undefined},
  ])
})

test('what was sent when the command ends and has no answer is unknown', async () => {
  const server = new AckServer()
  const controller = new AbortController()
  const {results, final} = await server.send(linesOf(3), {
    signal: controller.signal,
    delivery: {
      retries: 0,
      effects: {now: () => 0, random: () => 0, sleep: async () => undefined},
      port: {
        ...server.port,
        send: async () => {
          controller.abort(new VezaError('interrupted', 'interrupted'))
          throw controller.signal.reason
        },
      },
    },
  })
  expect(results).toMatchObject([{index: 1, outcome: 'unknown'}])
  expect(final?.error).toMatchObject({code: 'interrupted'})
})

test('a slow reader of results holds the batch back', async () => {
  const server = new AckServer()
  let release: () => void = () => undefined
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  const sent = server.send(linesOf(5_000), {
    show: results => (results.some(({index}) => index > 1) ? held : undefined),
  })
  for (let turns = 0; turns < 200; turns++) await new Promise(resolve => setImmediate(resolve))
  expect(server.messages.length).toBeLessThan(1_100)
  release()
  expect((await sent).created).toBe(5_000)
})
