import {createHash} from 'node:crypto'
import {Cluster} from '../../../cluster/cluster.js'
import {VezaError} from '../../../errors/veza-error.js'
import type {Feed, FeedEvent} from '../../../realtime/feed/feed-types.js'
import {type ChannelStore, openChannelStore} from '../../../state/redis/channel-store.js'
import type {Redis} from '../../../state/redis/client.js'
import {RedisClusterStore} from '../../../state/redis/cluster-store.js'
import {isPassing} from '../../../state/redis/errors.js'
import {groupKeys} from '../../../state/redis/group-keys.js'
import {connectionEffects} from '../../dial.js'
import {aborted} from '../../ending.js'
import {presentError} from '../../present-error.js'
import {KnownRooms} from '../../relay/known-rooms.js'
import {memberName} from '../../relay/member-name.js'
import {openGroupRedis} from '../../relay/relay-redis.js'
import {openContextFeed, pageReader} from '../../tail/context-feed.js'
import type {BotSource, ChannelEnder, Permit} from '../bot-source.js'
import type {Finishing} from '../finishing.js'
import type {SourceRequest} from '../local-source.js'
import {FirstStarts} from './first-starts.js'
import {GroupTeller} from './group-teller.js'
import {openPermit} from './permit.js'
import {RedisTrouble} from './redis-trouble.js'
import {SharedChannels} from './shared-channels.js'

/** What a shared source is opened with. */
export interface SharedRequest extends SourceRequest {
  readonly finishing: Finishing
}

/**
 * For one of several bots of an account and a prefix that share the channels between them: who has which, and how far each
 * is, is kept in the Redis of `VEZA_REDIS_URL`.
 * @throws {VezaError} `usage` for a cursor too, for no Redis or a password it refuses; `unreachable`.
 */
export async function openSharedSource(opening: SharedRequest): Promise<BotSource> {
  const {context, metrics, request} = opening
  if (request.cursor !== undefined || request.resume !== undefined)
    throw new VezaError('usage', '--redis keeps in Redis how far it is: leave out --cursor and --resume')
  const redis = await openGroupRedis(context, metrics)
  try {
    const member = memberName()
    const keys = groupKeys(groupName(opening))
    const store = openChannelStore(redis, keys, member)
    const bornMs = await store.born(Date.now() + context.network.skewMs)
    const clusterStore = new RedisClusterStore(redis, keys)
    return new SharedSource(opening, {redis, store, clusterStore, member, bornMs})
  } catch (error) {
    await redis.close()
    throw error
  }
}

interface Group {
  readonly redis: Redis
  readonly store: ChannelStore
  readonly clusterStore: RedisClusterStore
  readonly member: string
  /** When its first member began, by the server's clock. */
  readonly bornMs: number
}

class SharedSource implements BotSource {
  readonly feed: Feed
  readonly marks: SharedChannels
  readonly permit: Permit
  readonly #opening: SharedRequest
  readonly #group: Group
  readonly #cluster: Cluster
  readonly #starts: FirstStarts
  readonly #teller: GroupTeller
  readonly #trouble: RedisTrouble
  #run: ChannelEnder | undefined
  #fenced = 0
  #takenOver = 0

  constructor(opening: SharedRequest, group: Group) {
    this.#opening = opening
    this.#group = group
    const {context, followed, metrics, onEvent, request} = opening
    const {out, signal} = context
    const onRefusal = (request.room ?? []).length > 0 ? 'end' : 'unfollow'
    const known = KnownRooms.of(followed)
    this.#trouble = new RedisTrouble(out, metrics)
    const tell = (event: FeedEvent): void => {
      // Given back: it is taken anew once the server lists it again.
      if (event.type === 'unfollowed') known.refused(event.channel)
      onEvent(event)
    }
    this.feed = openContextFeed(context, {channels: [], leaves: true, onRefusal, onEvent: tell}, metrics)
    const insistence = {
      effects: connectionEffects,
      onTrouble: (error: unknown) => this.#trouble.note(error),
      onFenced: (): void => {
        this.#fenced += 1
      },
    }
    this.#starts = new FirstStarts({
      ...{...insistence, signal, store: group.store, bornMs: group.bornMs},
      readPage: pageReader(context),
      now: () => Date.now() + context.network.skewMs,
      onEmptied: () =>
        out.warn('Redis has lost how far the channels are: going on where it was last known to be'),
    })
    this.marks = this.#channels(insistence)
    this.#cluster = this.#openCluster(known)
    this.permit = openPermit({
      ...{...insistence, signal, store: group.store},
      ...{channels: this.marks, cluster: this.#cluster},
    })
    this.#teller = new GroupTeller({out, channels: this.marks, cluster: this.#cluster, known})
    void known.keepUp(connectionEffects.sleep, context)
    this.#meter()
  }

  attach(run: ChannelEnder): void {
    this.#run = run
    void this.#cluster.run()
  }

  async whenReady(tell: () => void): Promise<void> {
    this.#teller.whenReady(tell)
  }

  /** Others take over at once. What is not saved by the end of the time they look for in the room itself. */
  async end(): Promise<void> {
    await Promise.race([this.#cluster.leave(), aborted(this.#opening.finishing.signal)])
  }

  async close(): Promise<void> {
    await this.feed.close()
    await this.#group.redis.close()
  }

  #channels(
    insistence: Pick<ConstructorParameters<typeof SharedChannels>[0], 'effects' | 'onTrouble' | 'onFenced'>,
  ) {
    const {finishing} = this.#opening
    return new SharedChannels({
      ...insistence,
      feed: this.feed,
      store: {
        read: names => this.#group.store.read(names),
        save: async parts => {
          const kept = await this.#group.store.save(parts)
          this.#trouble.kept()
          return kept
        },
      },
      signal: finishing.signal,
      startOf: channel => finishing.persist(() => this.#starts.of(channel)),
      finish: async channel => this.#run?.finish(channel),
      onChange: () => this.#changed(),
      onFailure: error => this.#fail(error),
    })
  }

  /** Of what is given back at the end nobody need know that it was not. */
  #fail(error: unknown): void {
    const {context, onFailure} = this.#opening
    if (!context.signal.aborted) onFailure(presentError(error))
  }

  #openCluster(known: KnownRooms): Cluster {
    const {context} = this.#opening
    return new Cluster({
      store: this.#group.clusterStore,
      member: this.#group.member,
      names: () => {
        // Asked at each beat that was answered: the other members may have changed.
        this.#starts.beat()
        this.#changed()
        return known.names
      },
      // A monotonic clock stands still while the machine sleeps, and leases run out meanwhile.
      effects: {...connectionEffects, now: Date.now},
      signal: context.signal,
      gained: (leases, takenOver) => {
        this.#takenOver += takenOver
        this.marks.gained(leases)
      },
      lost: leases => this.marks.lost(leases),
      handOver: leases => this.marks.handOver(leases),
      onTrouble: error => {
        this.#trouble.note(error)
        if (!isPassing(error)) this.#fail(error)
      },
    })
  }

  /** At the end all is given back, which says nothing. */
  #changed(): void {
    if (!this.#opening.context.signal.aborted) this.#teller.changed()
  }

  #meter(): void {
    const {metrics} = this.#opening
    metrics.readyWhen(() => this.feed.state.isLive && this.#group.redis.isConnected)
    metrics.collect(set => {
      set('veza_relay_rooms', {}, this.#cluster.held.size)
      set('veza_relay_members', {}, this.#cluster.members)
      set('veza_relay_takeovers_total', {}, this.#takenOver)
      set('veza_relay_fenced_total', {}, this.#fenced)
    })
  }
}

/** Bots of another server, account or prefix have nothing to do with each other. */
function groupName({botId, context, request}: SharedRequest): string {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `veza:bot:${hash(context.settings.server)}:${botId}:${hash(request.prefix)}`
}
