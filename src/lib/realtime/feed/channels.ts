import {type Channel, channelKey} from '../channel.js'
import type {ChannelStart, FoundChannel} from './feed-types.js'
import {Timeline} from './timeline.js'

/** The channels that a feed follows, over all its connections. */
export class Channels {
  /** What all of them hold back. */
  readonly pool = {held: 0}
  readonly #settleMs: number
  readonly #timelines = new Map<string, Timeline>()
  /** Conversations that were not known, and the message that made them so. */
  readonly #strangers = new Map<number, number | undefined>()
  readonly #dropped = new Map<string, {readonly timeline: Timeline; isListed: boolean}>()
  /** Those that were unfollowed: nothing but a new start brings them back. */
  readonly #unfollowed = new Set<string>()
  #pastDuplicates = 0

  /** `settleMs`: see `Timeline`. Of two starts of one channel the first counts. */
  constructor(starts: readonly ChannelStart[], settleMs: number) {
    this.#settleMs = settleMs
    this.follow(starts)
  }

  /** Live messages that came more than once, also of those that are followed no longer. */
  get duplicates(): number {
    const dropped = [...this.#dropped.values()].map(({timeline}) => timeline)
    return [...this.all, ...dropped].reduce((sum, {duplicates}) => sum + duplicates, this.#pastDuplicates)
  }

  /** All of them, in the order in which they came. */
  get all(): readonly Timeline[] {
    return [...this.#timelines.values()]
  }

  /**
   * Those that begin above all that history has, as with a cursor of a server that was reset. Ids are counted over all
   * channels: where another one has come so far, it is a quiet channel and nothing is wrong.
   */
  get beyondHistory(): readonly Timeline[] {
    const newest = this.all.reduce((id, {newestId}) => Math.max(id, newestId), 0)
    return this.all.filter(({startId = 0}) => startId > newest)
  }

  /**
   * Adds those that are not known: a room from now on, a conversation from its beginning, or where it may be an old one
   * from the message that made it known. One that was dropped goes on where it was, once it was gone from the list. Gives
   * what was added.
   */
  discovered(found: readonly FoundChannel[]): readonly Timeline[] {
    const listed = new Set(found.map(channelKey))
    for (const [key, dropped] of this.#dropped) dropped.isListed &&= listed.has(key)
    return found
      .map(channel => this.#back(channelKey(channel)) ?? this.#add(this.#startOf(channel)))
      .filter(timeline => timeline !== undefined)
  }

  /** Adds those that are not followed, each at its start, whatever was before. Gives what was added. */
  follow(starts: readonly ChannelStart[]): readonly Timeline[] {
    return starts
      .map(start => {
        const key = channelKey(start.channel)
        this.#unfollowed.delete(key)
        this.#forget(key, this.#dropped.get(key)?.timeline)
        return this.#add(start)
      })
      .filter(timeline => timeline !== undefined)
  }

  /** Takes channels away, and forgets how far they were. Gives what was followed. */
  unfollow(channels: readonly Channel[]): readonly Timeline[] {
    return channels
      .map(channel => {
        const key = channelKey(channel)
        const timeline = this.#timelines.get(key)
        this.#timelines.delete(key)
        this.#unfollowed.add(key)
        this.#forget(key, timeline ?? this.#dropped.get(key)?.timeline)
        return timeline
      })
      .filter(timeline => timeline !== undefined)
  }

  /** The account may not read a channel any more. */
  drop(timeline: Timeline): void {
    const key = channelKey(timeline.channel)
    this.#timelines.delete(key)
    this.#dropped.set(key, {timeline, isListed: true})
  }

  /** Whether a conversation is neither known nor was asked for here before; `messageId` made it known. */
  isStranger(conversationId: number, messageId: number | undefined): boolean {
    if (this.#strangers.has(conversationId)) return false
    this.#strangers.set(conversationId, messageId)
    return !this.#timelines.has(channelKey({kind: 'dm', id: conversationId}))
  }

  #startOf({kind, id, mayBeOld}: FoundChannel): ChannelStart {
    const channel: Channel = {kind, id}
    if (kind === 'room') return {channel}
    if (mayBeOld !== true) return {channel, afterId: 0}
    const messageId = this.#strangers.get(id)
    return {channel, afterId: messageId && messageId - 1}
  }

  #back(key: string): Timeline | undefined {
    const dropped = this.#dropped.get(key)
    if (dropped === undefined || dropped.isListed) return undefined
    this.#dropped.delete(key)
    this.#timelines.set(key, dropped.timeline)
    return dropped.timeline
  }

  #forget(key: string, timeline: Timeline | undefined): void {
    this.#dropped.delete(key)
    this.#pastDuplicates += timeline?.duplicates ?? 0
  }

  #add(start: ChannelStart): Timeline | undefined {
    const key = channelKey(start.channel)
    if (this.#timelines.has(key) || this.#dropped.has(key) || this.#unfollowed.has(key)) return undefined
    const timeline = new Timeline(start, {settleMs: this.#settleMs, pool: this.pool})
    this.#timelines.set(key, timeline)
    return timeline
  }
}
