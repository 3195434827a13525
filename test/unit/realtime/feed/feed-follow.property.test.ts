import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {type Channel, channelKey} from '../../../../src/lib/realtime/channel.js'
import {type Fate, ModelServer, type ModelTraits} from './feed-model.js'
import {CHANNELS, ROOM} from './feed-world.js'
import {Follower, type FollowStep, messagesOf} from './follower.js'

const times = fc.constantFrom(1, 1, 2, 6)
const post = (fates: readonly Fate[], mayBeSlow: boolean): fc.Arbitrary<FollowStep> =>
  fc.record({
    do: fc.constant('post' as const),
    to: fc.nat({max: 2}),
    fate: fc.constantFrom(...fates),
    slow: mayBeSlow ? fc.boolean() : fc.constant(false),
  })
const choice: fc.Arbitrary<FollowStep> = fc.record({
  do: fc.constantFrom(
    'follow' as const,
    'follow' as const,
    'unfollow' as const,
    'again' as const,
    'briefly' as const,
  ),
  channel: fc.constantFrom(...CHANNELS),
})
const flow: readonly fc.WeightedArbitrary<FollowStep>[] = [
  {weight: 6, arbitrary: choice},
  {weight: 6, arbitrary: fc.record({do: fc.constantFrom('deliver' as const, 'answer' as const), times})},
  {weight: 2, arbitrary: fc.record({do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 9, 31)})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('fail' as const), times})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('cut' as const)})},
  {weight: 4, arbitrary: fc.record({do: fc.constantFrom('drain' as const, 'reconcile' as const)})},
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
  handles: fc.constantFrom('at once' as const, 'in turn' as const, 'pings first' as const),
})

const storedIn = (server: ModelServer, channel: Channel) =>
  server.stored
    .filter(({key}) => key === channelKey(channel))
    .map(({id}) => id)
    .sort((a, b) => a - b)

async function run(server: ModelServer, before: number, steps: readonly FollowStep[], last?: number) {
  for (let n = 0; n < before; n += 1) server.post(CHANNELS[n % 3] ?? ROOM, 'sent', false)
  const follower = new Follower(server, CHANNELS, last)
  for (const step of steps) await follower.play(step)
  await follower.finish()
  follower.expectIdentity()
  follower.expectOnce()
  return follower
}

describe('a feed whose channels come and go', () => {
  it('gives each message in one of the times that its channel was followed, and once', async () => {
    await fc.assert(
      fc.asyncProperty(
        traits,
        fc.integer({min: 0, max: 20}),
        fc.array(wild, {maxLength: 100, size: 'max'}),
        async (kind, before, steps) => {
          const server = new ModelServer(kind)
          const follower = await run(server, before, steps)
          for (const channel of CHANNELS) {
            const ids = [...follower.idsOf(channel)].sort((a, b) => a - b)
            expect(ids).toEqual(storedIn(server, channel))
          }
        },
      ),
      {numRuns: 300},
    )
  })

  it('gives each time the last messages, and then misses nothing and repeats nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        traits,
        fc.integer({min: 0, max: 20}),
        fc.nat({max: 8}),
        fc.array(wild, {maxLength: 80, size: 'max'}),
        async (kind, before, last, steps) => {
          const server = new ModelServer(kind)
          const follower = await run(server, before, steps, last)
          for (const {start, endedAt} of follower.followings) {
            const given = follower.world.items.filter(
              item => 'channel' in item && item.channel === start.channel,
            )
            const [first] = given
            // Every message comes behind a first checkpoint, which says after which one it begins.
            if (first !== undefined) expect(first.type).toBe('checkpoint')
            if (endedAt !== undefined || first?.type !== 'checkpoint') continue
            const wanted = storedIn(server, start.channel).filter(id => id > first.id)
            const ids = messagesOf(given, start.channel).filter(id => id > first.id)
            expect([...ids].sort((a, b) => a - b)).toEqual(wanted)
          }
        },
      ),
      {numRuns: 150},
    )
  })

  it('gives them in order, and none late, where nothing is swallowed', async () => {
    await fc.assert(
      fc.asyncProperty(traits, fc.array(orderly, {maxLength: 100, size: 'max'}), async (kind, steps) => {
        // Where pings overtake joins only an acknowledgement tells that one is done, and until then a message may be missed.
        const isFast = kind.handles === 'pings first'
        const server = new ModelServer(isFast ? {...kind, acks: true} : kind)
        const follower = await run(server, 5, isFast ? steps.filter(step => step.do !== 'reconcile') : steps)
        for (const channel of CHANNELS) expect(follower.idsOf(channel)).toEqual(storedIn(server, channel))
        expect(follower.world.items.filter(item => item.type === 'message' && item.late)).toEqual([])
      }),
      {numRuns: 300},
    )
  })
})
