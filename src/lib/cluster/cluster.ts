import type {ClusterStore, Lease} from '../state/redis/cluster-store.js'
import {type Plan, plan} from './plan.js'

/** A member that has not been heard of for so long is gone. */
const TTL_MS = 4000
const BEAT_MS = 1000
/**
 * Whoever is back first after Redis was away finds all others gone: so long it leaves them what they had. Their connections
 * come back within 5 s.
 */
const GRACE_MS = 6000
/** What a clock may drift, and what is begun may take, before somebody else begins. */
const MARGIN_MS = 1000

/** Clock, chance and waiting. */
export interface ClusterEffects {
  /** Milliseconds; must go on while the machine sleeps. */
  now(): number
  /** At least 0, less than 1. */
  random(): number
  /** Waits; an abort of the signal ends it at once, with an error or without. */
  sleep(delayMs: number, signal: AbortSignal): Promise<unknown>
}

/** What a member of a group is made of. */
export interface ClusterOptions {
  readonly store: ClusterStore
  /** Never used before: a process that starts again is another member. */
  readonly member: string
  /** All there is to do, asked anew at each beat. */
  readonly names: () => readonly string[]
  readonly effects: ClusterEffects
  /** Ends `run`. The leases stay until `leave`. */
  readonly signal: AbortSignal
  /** Begin with these. `takenOver` of them were those of a member that is gone without a word. */
  readonly gained: (leases: readonly Lease[], takenOver: number) => void
  /** Stop at once with these: somebody else may have begun. */
  readonly lost: (leases: readonly Lease[]) => void
  /** End the work on these; they are given back when it resolves, or rejects. */
  readonly handOver: (leases: readonly Lease[]) => Promise<void>
  /** A beat has failed, or a hand-over: the next beat tries again. */
  readonly onTrouble?: ((error: unknown) => void) | undefined
}

/**
 * One process of a group that shares work by leases: it says each second that it is there, takes what is to be its own, and
 * gives away what is to be another's. What a member had that is gone without a word is taken over within 5 s.
 */
export class Cluster {
  readonly #options: ClusterOptions
  readonly #held = new Map<string, Lease>()
  /** Being handed over. */
  readonly #ending = new Map<string, Promise<void>>()
  #isStopping = false
  /** Ends the wait for the next beat. */
  #wake = new AbortController()
  #running: Promise<void> | undefined
  #leaving: Promise<void> | undefined
  #members = 0
  #beatAtMs = Number.NEGATIVE_INFINITY
  #graceEndsMs = Number.NEGATIVE_INFINITY
  /** Beats in a row that were not answered, the one under way among them. */
  #failures = 0

  constructor(options: ClusterOptions) {
    this.#options = options
  }

  /** How many members there were at the last beat. */
  get members(): number {
    return this.#members
  }

  /** What this member works on, by name; also what it is handing over. */
  get held(): ReadonlyMap<string, Lease> {
    return this.#held
  }

  /**
   * Whether nobody else can have the lease at this moment, by the last beat that was answered. To be asked right before
   * whatever no fence protects, such as a send.
   */
  isSure(name: string): boolean {
    const ageMs = this.#options.effects.now() - this.#beatAtMs
    return this.#held.has(name) && ageMs >= 0 && ageMs < TTL_MS - MARGIN_MS
  }

  /** Takes part until the signal is aborted, or `leave` is called. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#beats()
    return this.#running
  }

  /** Hands over all there is, and leaves the group, so that others begin at once. Never rejects. */
  leave(): Promise<void> {
    this.#leaving ??= this.#leave()
    return this.#leaving
  }

  async #beats(): Promise<void> {
    const {signal, onTrouble} = this.#options
    const stop = (): void => this.#stop()
    signal.addEventListener('abort', stop, {once: true})
    if (signal.aborted) stop()
    while (!this.#isStopping) {
      await this.#beat().catch(error => onTrouble?.(error))
      await this.#rest()
    }
    signal.removeEventListener('abort', stop)
  }

  #stop(): void {
    this.#isStopping = true
    this.#wake.abort()
  }

  async #rest(): Promise<void> {
    const {random, sleep} = this.#options.effects
    // Not all members of a group that was started at once should ask at once.
    const delayMs = BEAT_MS * (0.8 + 0.2 * random())
    await sleep(delayMs, this.#wake.signal).catch(() => undefined)
    if (this.#wake.signal.aborted) this.#wake = new AbortController()
  }

  async #beat(): Promise<void> {
    const {store, member} = this.#options
    const next = await this.#look()
    this.#end(next.handOver)
    this.#begin(next.adopt, 0)
    if (next.release.length > 0) await store.release(member, next.release)
    await this.#take(next)
  }

  /** Says that it is there, and stops with what it has lost. */
  async #look(): Promise<Plan> {
    const {store, member, effects, names} = this.#options
    const askedAtMs = effects.now()
    this.#failures += 1
    const view = await store.beat(member, TTL_MS)
    // One failure alone is what a process sees that was stopped itself, and nobody else was gone meanwhile.
    const wasAway = this.#failures > 2 && askedAtMs - this.#beatAtMs > TTL_MS
    if (wasAway) this.#graceEndsMs = askedAtMs + GRACE_MS
    this.#failures = 0
    this.#beatAtMs = askedAtMs
    this.#members = view.members.length
    const next = plan({member, names: names(), view, held: this.#held, ending: this.#ending})
    this.#drop(next.lost)
    return next
  }

  async #take({take, orphans}: Plan): Promise<void> {
    const {store, member, effects} = this.#options
    const names = effects.now() < this.#graceEndsMs ? take.filter(name => !orphans.has(name)) : take
    if (names.length === 0 || this.#isStopping) return
    const leases = await store.acquire(member, names)
    this.#begin(leases, leases.filter(({name}) => orphans.has(name)).length)
  }

  #begin(leases: readonly Lease[], takenOver: number): void {
    if (leases.length === 0) return
    for (const lease of leases) this.#held.set(lease.name, lease)
    this.#options.gained(leases, takenOver)
  }

  #drop(leases: readonly Lease[]): void {
    if (leases.length === 0) return
    for (const {name} of leases) this.#held.delete(name)
    this.#options.lost(leases)
  }

  /** They are given back by the beat after: it finds them with this member, which does not work with them any more. */
  #end(leases: readonly Lease[]): void {
    if (leases.length === 0) return
    const done = this.#handOver(leases)
    for (const {name} of leases) this.#ending.set(name, done)
  }

  async #handOver(leases: readonly Lease[]): Promise<void> {
    try {
      await this.#options.handOver(leases)
    } catch (error) {
      this.#options.onTrouble?.(error)
    }
    for (const {name} of leases) {
      this.#ending.delete(name)
      this.#held.delete(name)
    }
    this.#wake.abort()
  }

  async #leave(): Promise<void> {
    const {store, member, onTrouble} = this.#options
    this.#stop()
    await this.#running
    await this.#look().catch(error => onTrouble?.(error))
    this.#end([...this.#held.values()].filter(({name}) => !this.#ending.has(name)))
    await this.#stayUntilEnded()
    await store.leave(member).catch(error => onTrouble?.(error))
  }

  /** A hand-over may take longer than a member counts as there. */
  async #stayUntilEnded(): Promise<void> {
    while (this.#ending.size > 0) {
      await this.#rest()
      if (this.#ending.size > 0) await this.#look().catch(error => this.#options.onTrouble?.(error))
    }
  }
}
