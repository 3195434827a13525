import {randomUUID} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'
import {Cluster} from '../../cluster/cluster.js'
import type {Arrivals} from '../../relay/arrivals.js'
import {StreamReader} from '../../relay/from-stream.js'
import {insist} from '../../relay/insist.js'
import type {EntryRules} from '../../relay/outgoing.js'
import {StreamWorker, type WorkerEffects, type WorkerEvents} from '../../relay/stream-worker.js'
import {
  type ClusterStore,
  type GroupView,
  type Lease,
  RedisClusterStore,
} from '../../state/redis/cluster-store.js'
import {isPassing} from '../../state/redis/errors.js'
import {type GroupKeys, groupKeys} from '../../state/redis/group-keys.js'
import type {Context} from '../context.js'
import type {RelayBase} from './open-relay.js'
import type {StreamNames} from './stream-rules.js'
import {openStreamSending} from './stream-sending.js'

/** What a member is told of, beside what its worker does. */
export interface MemberEvents extends WorkerEvents {
  /** Who reads the stream is known, or has changed. */
  changed(): void
  takenOver(count: number): void
  /** The relay cannot go on. */
  failed(error: unknown): void
}

/** What a member is made of. */
export interface StreamMemberOptions {
  readonly context: Context
  readonly base: RelayBase
  readonly names: StreamNames
  readonly rules: EntryRules
  /** Where a new group begins. */
  readonly begin: 'begin' | 'end'
  readonly attempts: number
  readonly arrivals: Arrivals
  readonly me: () => Promise<number>
  readonly events: MemberEvents
  /** Aborted: no further entry is begun. */
  readonly stopping: AbortSignal
  /** Aborted: what is under way is given up. */
  readonly ended: AbortSignal
}

/** The work of one lease: `stop` lets it finish what is under way, `end` does not. */
interface Held {
  readonly stop: AbortController
  readonly end: AbortController
}

/** This process among those that read one stream: it works on it while it has its lease, and stands by otherwise. */
export class StreamMember {
  readonly #options: StreamMemberOptions
  readonly #keys: GroupKeys
  readonly #reader: StreamReader
  readonly #cluster: Cluster
  readonly #effects: WorkerEffects
  #lease: Held | undefined
  #work: Promise<void> = Promise.resolve()
  #isElsewhere = false

  constructor(options: StreamMemberOptions) {
    const {base, context, names} = options
    const {stream, group, deadLetters} = names
    this.#options = options
    // Several streams, and several groups of one, each have members of their own: who reads which is no matter of the others.
    this.#keys = groupKeys(stream, `veza-stream-${group}`)
    const place = {stream, group, deadLetters, consumer: base.member, lease: stream}
    const keys = {stateKey: this.#keys.of('state'), leasesKey: this.#keys.leases}
    this.#reader = new StreamReader(base.redis, {...place, ...keys})
    this.#effects = {
      now: () => Date.now() + context.network.skewMs,
      random: Math.random,
      sleep: (delayMs, signal) => sleep(delayMs, undefined, {signal}).catch(() => undefined),
    }
    this.#cluster = this.#openCluster()
  }

  get stream(): string {
    return this.#options.names.stream
  }

  /** `elsewhere`: another member reads it; `unknown`: Redis has not said yet. */
  get state(): 'reading' | 'elsewhere' | 'unknown' {
    if (this.#lease !== undefined) return 'reading'
    return this.#isElsewhere ? 'elsewhere' : 'unknown'
  }

  get members(): number {
    return this.#cluster.members
  }

  /** Makes the consumer group where there is none, then takes part until `leave`. Never rejects. */
  async run(): Promise<void> {
    const {events, stopping: signal} = this.#options
    const onTrouble = (error: unknown): void => events.redisFailure(error)
    try {
      await insist(() => this.#open(), {effects: this.#effects, signal, onTrouble})
      if (!signal.aborted) await this.#cluster.run()
    } catch (error) {
      events.failed(error)
    }
  }

  /** Ends the work, and leaves it to the others. Never rejects. */
  leave(): Promise<void> {
    return this.#cluster.leave()
  }

  #open(): Promise<void> {
    return this.#reader.open(this.#options.begin, randomUUID())
  }

  #openCluster(): Cluster {
    const {base, events, stopping} = this.#options
    return new Cluster({
      store: watched(new RedisClusterStore(base.redis, this.#keys), view => this.#saw(view)),
      member: base.member,
      names: () => [this.stream],
      effects: {...this.#effects, now: Date.now},
      signal: stopping,
      gained: ([lease], takenOver) => {
        if (takenOver > 0) events.takenOver(takenOver)
        if (lease !== undefined) this.#begin(lease)
      },
      lost: () => this.#end(),
      handOver: () => this.#handOver(),
      onTrouble: error => {
        events.redisFailure(error)
        if (!isPassing(error)) events.failed(error)
      },
    })
  }

  #saw({leases, members}: GroupView): void {
    const holder = leases.get(this.stream)?.member
    const isElsewhere =
      holder !== undefined && holder !== this.#options.base.member && members.includes(holder)
    if (isElsewhere === this.#isElsewhere) return
    this.#isElsewhere = isElsewhere
    this.#options.events.changed()
  }

  /** What was under way for an earlier lease has its end first. */
  #begin(lease: Lease): void {
    const held = {stop: new AbortController(), end: new AbortController()}
    this.#lease = held
    this.#options.events.changed()
    this.#work = this.#work.then(() => this.#worker(lease, held).run()).catch(this.#options.events.failed)
  }

  #end(): void {
    this.#lease?.stop.abort()
    this.#lease?.end.abort()
    this.#lease = undefined
    this.#options.events.changed()
  }

  async #handOver(): Promise<void> {
    this.#lease?.stop.abort()
    await this.#work
    this.#lease = undefined
    this.#options.events.changed()
  }

  #worker({token}: Lease, held: Held): StreamWorker {
    const {arrivals, attempts, base, context, ended, events, me, names, rules, stopping} = this.#options
    const reader = this.#reader
    const signals = {
      stopping: AbortSignal.any([stopping, held.stop.signal]),
      ended: AbortSignal.any([ended, held.end.signal]),
    }
    const isSure = (): boolean => this.#cluster.isSure(this.stream)
    return new StreamWorker({
      ...signals,
      reader,
      rules,
      token,
      attempts,
      events,
      isSure,
      effects: this.#effects,
      sender: openStreamSending({
        ...signals,
        context,
        isSure,
        me,
        metrics: base.metrics,
        lastMessageId: roomId => reader.lastMessageId(roomId),
      }),
      keyOf: id => `relay:${names.group}:${names.stream}:${id}:${reader.identity}`,
      arrival: (lastId, signal) => arrivals.wait(names.stream, lastId, signal),
      reopen: () => this.#open(),
    })
  }
}

/** A store that tells what it sees. */
function watched(store: ClusterStore, onView: (view: GroupView) => void): ClusterStore {
  return {
    beat: async (member, ttlMs) => {
      const view = await store.beat(member, ttlMs)
      onView(view)
      return view
    },
    acquire: (member, names) => store.acquire(member, names),
    release: (member, leases) => store.release(member, leases),
    leave: member => store.leave(member),
  }
}
