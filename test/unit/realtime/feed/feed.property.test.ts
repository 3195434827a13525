import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {type Channel, channelKey} from '../../../../src/lib/realtime/channel.js'
import type {ChannelStart, FeedItem} from '../../../../src/lib/realtime/feed/feed-types.js'
import {type Fate, ModelServer, type ModelTraits} from './feed-model.js'
import {CHANNELS, idsOf, ROOM, type Step, World} from './feed-world.js'

const times = fc.integer({min: 1, max: 6})
const post = (fates: readonly Fate[], mayBeSlow: boolean) =>
  fc.record({
    do: fc.constant('post' as const),
    to: fc.nat({max: 2}),
    fate: fc.constantFrom(...fates),
    slow: mayBeSlow ? fc.boolean() : fc.constant(false),
  })
const flow: readonly fc.WeightedArbitrary<Step>[] = [
  {weight: 6, arbitrary: fc.record({do: fc.constantFrom('deliver' as const, 'answer' as const), times})},
  {weight: 2, arbitrary: fc.record({do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 9, 31)})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('fail' as const), times})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('cut' as const)})},
  {weight: 5, arbitrary: fc.record({do: fc.constantFrom('drain' as const, 'reconcile' as const)})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('garbage' as const)})},
]
const wild = fc.oneof(
  {weight: 6, arbitrary: post(['sent', 'twice', 'late', 'swallowed'], true)},
  {weight: 2, arbitrary: fc.record({do: fc.constant('commit' as const)})},
  ...flow,
)
const orderly = fc.oneof({weight: 6, arbitrary: post(['sent'], false)}, ...flow)
const traits: fc.Arbitrary<ModelTraits> = fc.record({
  acks: fc.boolean(),
  knowsAfterId: fc.boolean(),
  isDated: fc.boolean(),
  pageRows: fc.integer({min: 1, max: 6}),
  readsEarly: fc.boolean(),
})

const storedIn = (server: ModelServer, channel: Channel) =>
  server.stored
    .filter(({key}) => key === channelKey(channel))
    .map(({id}) => id)
    .sort((a, b) => a - b)

const ascending = (ids: readonly number[]) => [...ids].sort((a, b) => a - b)

/** Where a run that is killed after these items would go on. */
function resumption(items: readonly FeedItem[], channel: Channel, from: number): ChannelStart {
  const key = channelKey(channel)
  const afterId = items.reduce(
    (id, item) => (item.type === 'checkpoint' && channelKey(item.channel) === key ? item.id : id),
    from,
  )
  return {channel, afterId, delivered: idsOf(items, channel).filter(id => id > afterId)}
}

/** Each checkpoint comes after all that it speaks of. */
function expectTruth(items: readonly FeedItem[], server: ModelServer, afterId: number): void {
  items.forEach((item, index) => {
    if (item.type !== 'checkpoint') return
    const wanted = storedIn(server, item.channel).filter(id => id > afterId && id <= item.id)
    expect(idsOf(items.slice(0, index), item.channel)).toEqual(expect.arrayContaining(wanted))
  })
}

async function run(server: ModelServer, channels: readonly ChannelStart[], steps: readonly Step[]) {
  const world = new World(server, channels)
  for (const step of steps) await world.play(step)
  await world.calm()
  await world.close()
  return world.items
}

describe('openFeed', () => {
  it('gives each message once, whatever happens, and what it says of its place is true', async () => {
    await fc.assert(
      fc.asyncProperty(
        traits,
        fc.integer({min: 0, max: 30}),
        fc.integer({min: 0, max: 30}),
        fc.array(wild, {maxLength: 100, size: 'max'}),
        fc.double({min: 0, max: 1, noNaN: true}),
        async (kind, before, afterId, steps, killedAt) => {
          const server = new ModelServer(kind)
          for (let n = 0; n < before; n += 1) server.post(CHANNELS[n % 3] ?? ROOM, 'sent', false)
          const starts = CHANNELS.map(channel => ({channel, afterId}))
          const items = await run(server, starts, steps)
          for (const channel of CHANNELS) {
            const wanted = storedIn(server, channel).filter(id => id > afterId)
            expect(ascending(idsOf(items, channel))).toEqual(wanted)
          }
          expectTruth(items, server, afterId)
          const kept = items.slice(0, Math.floor(killedAt * items.length))
          const resumed = CHANNELS.map(channel => resumption(kept, channel, afterId))
          const rest = await run(server, resumed, [])
          for (const channel of CHANNELS) {
            const wanted = storedIn(server, channel).filter(id => id > afterId)
            expect(ascending([...idsOf(kept, channel), ...idsOf(rest, channel)])).toEqual(wanted)
          }
        },
      ),
      {numRuns: 300},
    )
  })

  it('begins with the last messages, and then misses nothing and repeats nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        traits,
        fc.integer({min: 0, max: 20}),
        fc.integer({min: 0, max: 8}),
        fc.array(wild, {maxLength: 60, size: 'max'}),
        async (kind, before, last, steps) => {
          const server = new ModelServer(kind)
          for (let n = 0; n < before; n += 1) server.post(ROOM, 'sent', false)
          const items = await run(server, [{channel: ROOM, last}], steps)
          const ids = ascending(idsOf(items, ROOM))
          const first = items.flatMap(item => (item.type === 'checkpoint' ? [item.id] : []))[0] ?? 0
          expect(new Set(ids).size).toBe(ids.length)
          expect(ids.filter(id => id > first)).toEqual(storedIn(server, ROOM).filter(id => id > first))
          expect(ids.length).toBeGreaterThanOrEqual(Math.min(last, before))
        },
      ),
      {numRuns: 100},
    )
  })

  it('gives history in order, and live messages behind it', async () => {
    await fc.assert(
      fc.asyncProperty(traits, fc.array(orderly, {maxLength: 100, size: 'max'}), async (kind, steps) => {
        const server = new ModelServer(kind)
        const items = await run(
          server,
          CHANNELS.map(channel => ({channel, afterId: 0})),
          steps,
        )
        for (const channel of CHANNELS) expect(idsOf(items, channel)).toEqual(storedIn(server, channel))
        expect(items.filter(item => item.type === 'message' && item.late)).toEqual([])
      }),
      {numRuns: 100},
    )
  })
})
