import {setMaxListeners} from 'node:events'
import {setTimeout as sleep} from 'node:timers/promises'
import {Cluster} from '../../cluster/cluster.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Channel} from '../../realtime/channel.js'
import type {ChannelStart, Feed, FeedEvent} from '../../realtime/feed/feed-types.js'
import {findIdBefore} from '../../realtime/feed/find-id.js'
import {RoomsRelay} from '../../relay/rooms-relay.js'
import {RedisClusterStore} from '../../state/redis/cluster-store.js'
import {isPassing} from '../../state/redis/errors.js'
import {type GroupKeys, groupKeys} from '../../state/redis/group-keys.js'
import {openRoomStore, type RoomStore} from '../../state/redis/room-store.js'
import type {Context} from '../context.js'
import {connectionEffects} from '../dial.js'
import {counted, Ending} from '../ending.js'
import {presentError} from '../present-error.js'
import {placeOf} from '../tail/channels.js'
import {openContextFeed, pageReader} from '../tail/context-feed.js'
import {reportFeedEvent} from '../tail/report.js'
import {KnownRooms} from './known-rooms.js'
import {meterRooms} from './meter-rooms.js'
import {openRelay, type RelayBase} from './open-relay.js'
import {countRedisError} from './relay-redis.js'
import {roomStart} from './room-start.js'
import {type RelayRoomsRequest, streamOf} from './rooms-flags.js'
import {ShareTeller} from './share-teller.js'
import {assertOwner, assertStream} from './stream-key.js'

/** Groups that read the same stream have other names. */
const GROUP = 'veza-rooms'
/** After a signal what was taken is written for so long; what is not written then, the next member finds. */
const FINISH_LIMIT_MS = 2_000
/** A Redis that does not answer is not waited for: the others have the rooms when the leases run out. */
const LEAVE_LIMIT_MS = 2_000
/** How long a member waits for a share before it is ready without one. */
const STAND_BY_MS = 2_000
/** The feed, its requests and what waits listen for the end side by side; more than so many would be a leak. */
const MOST_LISTENERS = 50

/** What a relay of rooms is made of. */
export interface RelayRoomsParts {
  readonly context: Context
  readonly request: RelayRoomsRequest
  /** Names or ids; none: all that the account has joined. */
  readonly rooms: readonly string[]
}

/** What is open while it runs. */
interface Opened extends RelayBase {
  readonly stream: string
  readonly keys: GroupKeys
  readonly store: RoomStore
  readonly known: KnownRooms
}

/** One relay of rooms into a stream, from its flags to its last line. */
export class RelayRooms {
  readonly #parts: RelayRoomsParts
  readonly #ending = new Ending()
  readonly #giveUp = new AbortController()
  readonly #closers: (() => Promise<unknown>)[] = []
  #relay: RoomsRelay | undefined
  #teller: ShareTeller | undefined
  #failure: VezaError | undefined

  constructor(parts: RelayRoomsParts) {
    this.#parts = parts
  }

  /** Relays until a signal or an error ends it. */
  async run(): Promise<void> {
    const {context} = this.#parts
    setMaxListeners(MOST_LISTENERS, context.signal)
    const opened = await this.#open()
    const feed = this.#openFeed(opened)
    const relay = this.#openRelay(opened, feed)
    this.#relay = relay
    const cluster = this.#openCluster(opened, relay)
    const teller = this.#openTeller(opened, relay, cluster)
    this.#teller = teller
    meterRooms(opened.metrics, {relay, cluster, feed, redis: opened.redis})
    void opened.known.keepUp(connectionEffects.sleep, context)
    void this.#standBy(teller)
    void cluster.run()
    try {
      await relay.run()
    } catch (error) {
      this.#fail(error)
    }
    await this.#finish(relay, cluster)
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Closes whatever is open. */
  async close(): Promise<void> {
    this.#giveUp.abort()
    await Promise.allSettled(this.#closers.reverse().map(close => close()))
  }

  /** The last line; undefined where it never came to life. */
  farewell(reason: string): string | undefined {
    const did = `${counted(this.#relay?.counters.written ?? 0, 'message')} relayed`
    return this.#ending.line(reason, did, 'the next run goes on from here')
  }

  async #open(): Promise<Opened> {
    const {context, request, rooms} = this.#parts
    const stream = streamOf(request)
    const base = await openRelay(context, request)
    this.#closers.push(() => base.close())
    const keys = groupKeys(stream, GROUP)
    const {member, redis} = base
    const store = openRoomStore({redis, stream, keys, member, maxLen: request['max-len']})
    await assertStream(redis, stream)
    const known = await KnownRooms.open(context, rooms)
    await assertOwner(store, context.settings.server, stream)
    return {...base, stream, keys, store, known}
  }

  #openFeed({known, metrics}: Opened): Feed {
    const request = {
      channels: [],
      leaves: true,
      onRefusal: 'unfollow' as const,
      onEvent: (event: FeedEvent): void => this.#onEvent(event, known),
    }
    const feed = openContextFeed(this.#parts.context, request, metrics)
    this.#closers.push(() => feed.close())
    return feed
  }

  #openRelay({store, metrics}: Opened, feed: Feed): RoomsRelay {
    const {settings, signal} = this.#parts.context
    return new RoomsRelay({
      feed,
      store,
      owner: settings.server,
      now: connectionEffects.now,
      startOf: channel => this.#startOf(channel),
      effects: connectionEffects,
      reading: signal,
      signal: this.#giveUp.signal,
      onChange: () => this.#teller?.changed(),
      onEmptied: names => this.#teller?.emptied(names.length),
      onWritten: () => this.#teller?.written(),
      onTrouble: error => {
        countRedisError(metrics, error)
        this.#teller?.trouble(error)
      },
      onFailure: error => this.#fail(error),
    })
  }

  #openCluster({redis, keys, member, known, metrics}: Opened, relay: RoomsRelay): Cluster {
    return new Cluster({
      store: new RedisClusterStore(redis, keys),
      member,
      names: () => known.names,
      effects: {...connectionEffects, now: Date.now},
      signal: this.#parts.context.signal,
      gained: (leases, takenOver) => relay.gained(leases, takenOver),
      lost: leases => relay.lost(leases),
      handOver: leases => relay.handOver(leases),
      onTrouble: error => {
        countRedisError(metrics, error)
        if (!isPassing(error)) this.#fail(error)
      },
    })
  }

  #openTeller({known, stream}: Opened, relay: RoomsRelay, cluster: Cluster): ShareTeller {
    const {out, signal} = this.#parts.context
    return new ShareTeller({
      out,
      signal,
      sleep: connectionEffects.sleep,
      stream,
      rooms: () => relay.rooms,
      of: () => known.names.length,
      members: () => cluster.members,
      isKnown: () => relay.isKnown,
      onReady: () => this.#ending.begin(),
    })
  }

  /** Where to begin in a room that was never relayed. */
  #startOf(channel: Channel): Promise<ChannelStart> {
    const {context, request} = this.#parts
    const {out, signal} = context
    return roomStart(channel, request, {
      signal,
      find: (where, timeMs) => findIdBefore(pageReader(context), where, timeMs, signal),
      sleep: delayMs => connectionEffects.sleep(delayMs, signal),
      random: connectionEffects.random,
      onWait: (error, delayMs) =>
        out.notice(`${error.message}: trying again in ${(delayMs / 1000).toFixed(1)} s`),
    })
  }

  #onEvent(event: FeedEvent, known: KnownRooms): void {
    if (event.type === 'ready') this.#teller?.live()
    else if (event.type === 'unfollowed' && !known.areAll) this.#fail(refusalOf(event, known))
    else reportFeedEvent(event, known.followed, this.#parts.context.out)
    if (event.type === 'unfollowed') known.refused(event.channel)
  }

  /** Something that the relay cannot do without has failed. */
  #fail(error: unknown): void {
    this.#failure ??= presentError(error, this.#parts.context.signal.reason)
    this.#relay?.stop()
  }

  /** What was taken is written; then the others may have these rooms at once. */
  async #finish(relay: RoomsRelay, cluster: Cluster): Promise<void> {
    await within(FINISH_LIMIT_MS, relay.finish())
    this.#giveUp.abort()
    await within(LEAVE_LIMIT_MS, cluster.leave())
  }

  /** A member that the others have all rooms of is ready, too. */
  async #standBy(teller: ShareTeller): Promise<void> {
    const {signal} = this.#parts.context
    while (!signal.aborted && !teller.isReady) {
      await connectionEffects.sleep(STAND_BY_MS, signal).catch(() => undefined)
      if (!signal.aborted) teller.standBy()
    }
  }
}

/** A room that was named is wanted: what keeps it away ends the relay, and says which room it is about. */
function refusalOf(
  {channel, error}: Extract<FeedEvent, {type: 'unfollowed'}>,
  {followed}: KnownRooms,
): unknown {
  if (!(error instanceof VezaError)) return error
  return new VezaError(error.code, `${placeOf(channel, followed)}: ${error.message}`, {
    ...error,
    cause: error,
  })
}

/** Resolves with the promise, or when the time is over. */
async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const over = new AbortController()
  const late = sleep(limitMs, undefined, {signal: over.signal}).catch(() => undefined)
  await Promise.race([work, late])
  over.abort()
}
