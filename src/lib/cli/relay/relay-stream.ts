import {setTimeout as sleep} from 'node:timers/promises'
import type {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import {relayedEntryView} from '../../output/views/relayed-entry.js'
import {Arrivals} from '../../relay/arrivals.js'
import type {EntryRules} from '../../relay/outgoing.js'
import type {Fate} from '../../relay/stream-worker.js'
import type {Context} from '../context.js'
import {aborted, Ending} from '../ending.js'
import {ClosedPipe} from '../lifetime.js'
import {countError} from '../metrics/timed.js'
import {presentError} from '../present-error.js'
import {assertNoLoop} from './no-loop.js'
import {openRelay, type RelayBase} from './open-relay.js'
import {countRedisError} from './relay-redis.js'
import {StreamCounters} from './stream-counters.js'
import type {RelayStreamRequest} from './stream-flags.js'
import {assertStream} from './stream-key.js'
import {type MemberEvents, StreamMember} from './stream-member.js'
import {entryRules, type StreamNames, streamNames} from './stream-rules.js'
import {StreamTeller} from './stream-teller.js'

const ATTEMPTS = 5
/** After a signal a command has 5 s in all; what is under way then has the first 4. */
const FINISH_MS = 4000

/** What a relay of streams is made of. */
export interface RelayStreamParts {
  readonly context: Context
  readonly io: Io
  readonly request: RelayStreamRequest
  /** The keys of the streams. */
  readonly streams: readonly string[]
}

/** One relay of streams into rooms, from its flags to its last line. */
export class RelayStream {
  readonly #parts: RelayStreamParts
  readonly #ending = new Ending()
  readonly #counters = new StreamCounters()
  readonly #teller: StreamTeller
  readonly #failing = new AbortController()
  readonly #giveUp = new AbortController()
  readonly #stopping: AbortSignal
  #members: readonly StreamMember[] = []
  #base: RelayBase | undefined
  #failure: VezaError | undefined

  constructor(parts: RelayStreamParts) {
    this.#parts = parts
    const {out, signal} = parts.context
    this.#stopping = AbortSignal.any([signal, this.#failing.signal])
    this.#teller = new StreamTeller(
      out,
      () => this.#members,
      () => this.#ending.begin(),
    )
  }

  /** Relays until a signal or an error ends it. */
  async run(): Promise<void> {
    const {context, io, request, streams} = this.#parts
    const names = streamNames(streams, request)
    const base = await openRelay(context, request)
    this.#base = base
    for (const {deadLetters, stream} of names) {
      await assertStream(base.redis, deadLetters)
      if (request.room === undefined) await assertNoLoop(base.redis, stream, context.settings.server)
    }
    const rules = await entryRules(context, request)
    const {id: me} = await context.api.users.me()
    this.#members = this.#openMembers(names, base, rules, me)
    this.#counters.meter(base, this.#members, context.tally)
    await io.watchReader()
    void aborted(this.#stopping)
      .then(() => sleep(FINISH_MS, undefined, {ref: false}))
      .then(() => this.#giveUp.abort())
    await Promise.all(this.#members.map(member => member.run()))
    await Promise.all(this.#members.map(member => member.leave()))
    if (context.signal.reason instanceof ClosedPipe) return
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Closes whatever is open. */
  async close(): Promise<void> {
    this.#giveUp.abort()
    await this.#base?.close()
  }

  /** The last line; undefined where it never came to life. */
  farewell(reason: string): string | undefined {
    return this.#ending.line(reason, this.#counters.inWords, 'the next run goes on from here')
  }

  #openMembers(
    names: readonly StreamNames[],
    base: RelayBase,
    rules: EntryRules,
    me: number,
  ): readonly StreamMember[] {
    const {context, request} = this.#parts
    const arrivals = new Arrivals(base.redis, delayMs => sleep(delayMs, undefined, {signal: this.#stopping}))
    return names.map(
      own =>
        new StreamMember({
          context,
          base,
          names: own,
          rules,
          begin: request['from-start'] === true ? 'begin' : 'end',
          attempts: request.attempts ?? ATTEMPTS,
          arrivals,
          me: () => Promise.resolve(me),
          events: this.#eventsOf(own.stream, base),
          stopping: this.#stopping,
          ended: this.#giveUp.signal,
        }),
    )
  }

  #eventsOf(stream: string, {metrics}: RelayBase): MemberEvents {
    const counters = this.#counters
    const teller = this.#teller
    return {
      fate: fate => this.#done(stream, fate),
      holding: (entryId, error, delayMs) => {
        countError(metrics, error)
        teller.holding(stream, entryId, error, delayMs)
      },
      fenced: () => {
        counters.fenced += 1
      },
      waiting: entries => void counters.waiting.set(stream, entries),
      redisFailure: error => {
        countRedisError(metrics, error)
        teller.redisFailure(error)
      },
      changed: () => teller.changed(),
      takenOver: count => {
        counters.takenOver += count
      },
      failed: error => this.#fail(error),
    }
  }

  async #done(stream: string, fate: Fate): Promise<void> {
    this.#counters[fate.result] += 1
    if (fate.result === 'dead') this.#teller.buried()
    await this.#parts.context.out.record(
      {
        stream,
        entry_id: fate.entryId,
        room_id: fate.roomId,
        ...(fate.result === 'dead'
          ? {result: fate.result, reason: fate.reason}
          : {message_id: fate.messageId, result: fate.result}),
        at: new Date().toISOString(),
      },
      relayedEntryView,
    )
  }

  /** The relay cannot go on. */
  #fail(error: unknown): void {
    this.#failure ??= presentError(error, this.#parts.context.signal.reason)
    this.#failing.abort()
  }
}
