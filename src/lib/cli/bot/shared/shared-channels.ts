import type {Channel} from '../../../realtime/channel.js'
import {ChannelProgress} from '../../../realtime/cursor/channel-progress.js'
import type {ChannelStart, Feed} from '../../../realtime/feed/feed-types.js'
import {type Insistence, insist} from '../../../relay/insist.js'
import type {ChannelStore} from '../../../state/redis/channel-store.js'
import type {Lease} from '../../../state/redis/cluster-store.js'
import type {CheckpointItem, MessageItem} from '../../tail/delivery.js'
import {ChannelSaver, type SavedChannel} from './channel-saver.js'
import {channelOf, readProgress} from './channel-text.js'

/** What the channels of a member need, and whom they tell. */
export interface SharedChannelsOptions extends Insistence {
  readonly feed: Pick<Feed, 'follow' | 'unfollow'>
  readonly store: Pick<ChannelStore, 'read' | 'save'>
  /** Where to begin in a channel that no member has ever had, as far as Redis knows. */
  readonly startOf: (channel: Channel) => Promise<ChannelStart>
  /** Nothing more is to be begun in a channel; resolves when what was begun there has ended. */
  readonly finish: (channel: Channel) => Promise<void>
  /** What this member has, or Redis knows, has changed. */
  readonly onChange: () => void
  /** Redis refused to keep something, as another member has the channel. */
  readonly onFenced: () => void
  readonly onFailure: (error: unknown) => void
}

interface Held extends SavedChannel {
  /** It is handed over: what is under way still counts, and nothing new. */
  isEnding: boolean
}

/** The channels whose leases this member has: each from its lease, by way of how far it is, to a channel of the feed. */
export class SharedChannels {
  readonly #options: SharedChannelsOptions
  readonly #saver: ChannelSaver
  /** By the very object that the items of the feed bear: what comes of an earlier lease has another. */
  readonly #byChannel = new Map<Channel, Held>()
  /** By name: the lease, from when it was gained. */
  readonly #leases = new Map<string, Lease>()

  constructor(options: SharedChannelsOptions) {
    this.#options = options
    this.#saver = new ChannelSaver({...options, onFenced: lease => this.#fenced(lease)})
  }

  /** How many there are. */
  get size(): number {
    return this.#leases.size
  }

  /** Whether Redis knows of all of them how far they are: whoever has them next misses nothing. */
  get areKnown(): boolean {
    const held = [...this.#byChannel.values()]
    return held.length === this.#leases.size && held.every(({isKnown}) => isKnown)
  }

  /** The lease of a channel of the feed; undefined where it is another member's. */
  leaseOf(channel: Channel): Lease | undefined {
    return this.#byChannel.get(channel)?.lease
  }

  /** Whether what comes from a channel is to be answered here. */
  isOurs(channel: Channel): boolean {
    return this.#byChannel.get(channel)?.isEnding === false
  }

  taken({channel, message}: MessageItem): void {
    this.#byChannel.get(channel)?.progress.taken(message.id)
  }

  done(items: readonly MessageItem[]): void {
    for (const {channel, message} of items) {
      const held = this.#byChannel.get(channel)
      if (held === undefined) continue
      held.progress.done(message.id)
      held.done.push(message.id)
      this.#saver.changed(held)
    }
  }

  checkpoint({channel, id}: CheckpointItem): void {
    const held = this.#byChannel.get(channel)
    if (held === undefined) return
    held.progress.checkpoint(id)
    this.#saver.changed(held)
  }

  /** These are answered here from now on. */
  gained(leases: readonly Lease[]): void {
    for (const lease of leases) this.#leases.set(lease.name, lease)
    this.#lookUp(leases).catch(this.#options.onFailure)
  }

  /** Another member has these: what is under way is its. */
  lost(leases: readonly Lease[]): void {
    for (const held of this.#heldOf(leases)) {
      void this.#options.finish(held.channel)
      this.#forget(held)
    }
    for (const {name, token} of leases) if (this.#leases.get(name)?.token === token) this.#leases.delete(name)
    this.#options.onChange()
  }

  /** Ends the work on these; resolves when what was begun has ended, and Redis knows how far they are. */
  async handOver(leases: readonly Lease[]): Promise<void> {
    const all = this.#heldOf(leases)
    for (const held of all) held.isEnding = true
    this.#options.feed.unfollow(all.map(({channel}) => channel))
    await Promise.all(all.map(({channel}) => this.#options.finish(channel)))
    await this.#saver.saved(all)
    this.lost(leases)
  }

  #heldOf(leases: readonly Lease[]): readonly Held[] {
    const tokens = new Set(leases.map(({token}) => token))
    return [...this.#byChannel.values()].filter(({lease}) => tokens.has(lease.token))
  }

  #forget(held: Held): void {
    this.#byChannel.delete(held.channel)
    this.#saver.forget(held)
    if (!held.isEnding) this.#options.feed.unfollow([held.channel])
  }

  #fenced(lease: Lease): void {
    this.#options.onFenced()
    this.lost([lease])
  }

  async #lookUp(leases: readonly Lease[]): Promise<void> {
    const texts = await insist(() => this.#options.store.read(leases.map(({name}) => name)), this.#options)
    for (const [at, lease] of leases.entries()) {
      const text = texts?.[at]
      if (texts !== undefined) await this.#follow(lease, text)
    }
    this.#options.onChange()
  }

  async #follow(lease: Lease, text: string | undefined): Promise<void> {
    const progress = new ChannelProgress(readProgress(text))
    const channel = channelOf(lease.name)
    const {resumption} = progress
    const start = resumption === undefined ? await this.#options.startOf(channel) : {channel, ...resumption}
    if (this.#leases.get(lease.name) !== lease) return
    const isKnown = text !== undefined
    const held: Held = {lease, channel: start.channel, progress, done: [], isKnown, isEnding: false}
    this.#byChannel.set(start.channel, held)
    this.#options.feed.follow([start])
  }
}
