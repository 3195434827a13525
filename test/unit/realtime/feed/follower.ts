import {expect} from 'vitest'
import {type Channel, channelKey} from '../../../../src/lib/realtime/channel.js'
import type {ChannelStart, FeedItem} from '../../../../src/lib/realtime/feed/feed-types.js'
import type {ModelServer} from './feed-model.js'
import {type Step, turn, World} from './feed-world.js'

/** What a follower does beside what happens to it. */
export type FollowStep =
  | Step
  | {readonly do: 'follow' | 'unfollow' | 'again' | 'briefly'; readonly channel: Channel}

/** One time that a channel was followed. */
export interface Following {
  readonly start: ChannelStart
  /** How many items had come when it ended. */
  endedAt: number | undefined
}

/**
 * Follows channels now and then, each time from where it was, as one does who shares them with others, or with `last` each
 * time from so many messages back.
 */
export class Follower {
  readonly world: World
  readonly followings: Following[] = []
  readonly #channels: readonly Channel[]
  readonly #last: number | undefined
  /** Comparisons that were asked for and are not done. */
  pendingDemands = 0

  constructor(server: ModelServer, channels: readonly Channel[], last?: number) {
    this.#channels = channels
    this.#last = last
    this.world = new World(server, [])
  }

  async play(step: FollowStep): Promise<void> {
    if ('channel' in step) {
      if (step.do === 'again') this.#unfollow(step.channel)
      if (step.do !== 'unfollow') this.#follow(step.channel)
      if (step.do === 'unfollow' || step.do === 'briefly') this.#unfollow(step.channel)
      await turn()
    } else if (step.do === 'reconcile') {
      this.pendingDemands += 1
      void this.world.feed.reconcile().then(() => {
        this.pendingDemands -= 1
      })
      await turn()
    } else await this.world.play(step)
  }

  /** In the end all are followed, and everything ends well. */
  async finish(): Promise<void> {
    for (const channel of this.#channels) this.#follow(channel)
    await this.world.calm()
    expect([this.pendingDemands, this.world.feed.state]).toEqual([
      0,
      {isConnected: true, isLive: true, waiting: 0},
    ])
    await this.world.close()
  }

  /** The ids of a channel over all times that it was followed, in the order in which they came. */
  idsOf(channel: Channel): readonly number[] {
    return this.#of(channel).flatMap(({start}) => messagesOf(this.world.items, start.channel))
  }

  /** Each item bears the object of its start, and comes before the end of that following. */
  expectIdentity(): void {
    const byObject = new Map(this.followings.map(following => [following.start.channel, following]))
    this.world.items.forEach((item, index) => {
      const channel = channelOf(item)
      if (channel === undefined) return
      const {start, endedAt = Number.POSITIVE_INFINITY} = byObject.get(channel) ?? {}
      expect(start?.channel).toBe(channel)
      expect(index).toBeLessThan(endedAt)
    })
  }

  /** Nothing comes again, and nothing that was not asked for, within one following. */
  expectOnce(): void {
    for (const {start} of this.followings) {
      const ids = messagesOf(this.world.items, start.channel)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.filter(id => id <= (start.afterId ?? 0) || start.delivered?.includes(id) === true)).toEqual(
        [],
      )
    }
  }

  #follow(channel: Channel): void {
    const past = this.#of(channel)
    const isFollowed = past.length > 0 && past.at(-1)?.endedAt === undefined
    const start = {channel: {...channel}, ...this.#resumption(channel, past)}
    this.world.feed.follow([start])
    // Of one that is followed already this start counts for nothing.
    if (!isFollowed) this.followings.push({start, endedAt: undefined})
  }

  #unfollow(channel: Channel): void {
    const last = this.#of(channel).at(-1)
    if (last !== undefined) last.endedAt ??= this.world.items.length
    this.world.feed.unfollow([{...channel}])
  }

  #resumption(channel: Channel, past: readonly Following[]): Omit<ChannelStart, 'channel'> {
    if (this.#last !== undefined) return {last: this.#last}
    const objects = new Set(past.map(({start}) => start.channel))
    const afterId = this.world.items.reduce(
      (id, item) => (item.type === 'checkpoint' && objects.has(item.channel) ? Math.max(id, item.id) : id),
      0,
    )
    return {afterId, delivered: this.idsOf(channel).filter(id => id > afterId)}
  }

  #of(channel: Channel): readonly Following[] {
    return this.followings.filter(({start}) => channelKey(start.channel) === channelKey(channel))
  }
}

/** The ids that bear this very object. */
export function messagesOf(items: readonly FeedItem[], channel: Channel): readonly number[] {
  return items.flatMap(item => (item.type === 'message' && item.channel === channel ? [item.message.id] : []))
}

function channelOf(item: FeedItem): Channel | undefined {
  if (item.type === 'event') return 'channel' in item.event ? item.event.channel : undefined
  return item.type === 'frame' ? undefined : item.channel
}
