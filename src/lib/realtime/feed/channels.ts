import {type Channel, channelKey} from '../channel.js'
import type {ChannelStart} from './feed-types.js'
import {Timeline} from './timeline.js'

/** The channels that a feed follows, over all its connections. */
export class Channels {
  /** What all of them hold back. */
  readonly pool = {held: 0}
  readonly #settleMs: number
  readonly #timelines = new Map<string, Timeline>()
  readonly #strangers = new Set<number>()

  /** `settleMs`: see `Timeline`. Of two starts of one channel the first counts. */
  constructor(starts: readonly ChannelStart[], settleMs: number) {
    this.#settleMs = settleMs
    for (const start of starts) this.#add(start)
  }

  /** All of them, in the order in which they came. */
  get all(): readonly Timeline[] {
    return [...this.#timelines.values()]
  }

  /** Adds those that are not known: a conversation from its beginning, a room from now on. Gives what was added. */
  discovered(channels: readonly Channel[]): readonly Timeline[] {
    return channels
      .map(channel => this.#add(channel.kind === 'dm' ? {channel, afterId: 0} : {channel}))
      .filter(timeline => timeline !== undefined)
  }

  /** Whether a conversation is neither known nor was asked for here before. */
  isStranger(conversationId: number): boolean {
    if (this.#strangers.has(conversationId)) return false
    this.#strangers.add(conversationId)
    return !this.#timelines.has(channelKey({kind: 'dm', id: conversationId}))
  }

  #add(start: ChannelStart): Timeline | undefined {
    const key = channelKey(start.channel)
    if (this.#timelines.has(key)) return undefined
    const timeline = new Timeline(start, {settleMs: this.#settleMs, pool: this.pool})
    this.#timelines.set(key, timeline)
    return timeline
  }
}
