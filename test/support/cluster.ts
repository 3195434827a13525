import {setImmediate as settled} from 'node:timers/promises'
import {Cluster, type ClusterOptions} from '../../src/lib/cluster/cluster.js'
import type {ClusterStore, GroupView, Holding, Lease} from '../../src/lib/state/redis/cluster-store.js'

/** A clock that goes on only when a test says so, and wakes who sleeps by it. */
export class ManualClock {
  nowMs = 1_000_000
  readonly #sleepers = new Set<{atMs: number; wake(): void}>()

  readonly sleep = (delayMs: number, signal: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      const sleeper = {atMs: this.nowMs + delayMs, wake: () => wake()}
      const wake = () => {
        this.#sleepers.delete(sleeper)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#sleepers.add(sleeper)
      signal.addEventListener('abort', wake, {once: true})
      if (signal.aborted) wake()
    })

  /** Goes on by so much, from one waking to the next. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.nowMs + byMs
    await settled()
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.nowMs = Math.max(this.nowMs, next.atMs)
      next.wake()
      await settled()
    }
    this.nowMs = endMs
  }

  #next(endMs: number) {
    const due = [...this.#sleepers].filter(({atMs}) => atMs <= endMs)
    return due.sort((a, b) => a.atMs - b.atMs)[0]
  }
}

/** A group in memory, by the clock of a test. As `RedisClusterStore`. */
export class FakeStore implements ClusterStore {
  /** Awaited before each call, and after it. */
  before: (call: keyof ClusterStore, member: string) => Promise<void> | void = () => undefined
  after: (call: keyof ClusterStore, member: string) => Promise<void> | void = () => undefined
  readonly #members = new Map<string, number>()
  readonly #leases = new Map<string, Holding>()
  readonly #clock: {readonly nowMs: number}
  #fence = 0

  constructor(clock: {readonly nowMs: number}) {
    this.#clock = clock
  }

  /** Who has what by now. */
  get owners(): Record<string, string> {
    return Object.fromEntries([...this.#leases].map(([name, {member}]) => [name, member]))
  }

  beat(member: string, ttlMs: number): Promise<GroupView> {
    return this.#call('beat', member, () => {
      const {nowMs} = this.#clock
      this.#members.set(member, nowMs + ttlMs)
      for (const [name, untilMs] of this.#members) if (untilMs <= nowMs) this.#members.delete(name)
      const members = [...this.#members.keys()].sort()
      const lively = members.filter(name => (this.#members.get(name) ?? 0) >= nowMs + ttlMs / 2)
      return {members, lively, leases: new Map(this.#leases)}
    })
  }

  acquire(member: string, names: readonly string[]): Promise<readonly Lease[]> {
    return this.#call('acquire', member, () => {
      if (!this.#isThere(member)) return []
      const free = names.filter(name => !this.#isThere(this.#leases.get(name)?.member ?? ''))
      return free.map(name => {
        this.#fence += 1
        this.#leases.set(name, {member, token: this.#fence})
        return {name, token: this.#fence}
      })
    })
  }

  release(member: string, leases: readonly Lease[]): Promise<void> {
    return this.#call('release', member, () => {
      for (const {name, token} of leases) {
        const holding = this.#leases.get(name)
        if (holding?.member === member && holding.token === token) this.#leases.delete(name)
      }
    })
  }

  leave(member: string): Promise<void> {
    return this.#call('leave', member, () => {
      this.#members.delete(member)
      for (const [name, holding] of this.#leases) if (holding.member === member) this.#leases.delete(name)
    })
  }

  /** All is lost, as by FLUSHALL. */
  empty(): void {
    this.#members.clear()
    this.#leases.clear()
  }

  #isThere(member: string): boolean {
    return (this.#members.get(member) ?? Number.NEGATIVE_INFINITY) > this.#clock.nowMs
  }

  async #call<T>(call: keyof ClusterStore, member: string, action: () => T): Promise<T> {
    await this.before(call, member)
    const result = action()
    await this.after(call, member)
    return result
  }
}

/** A member of a group, and all that was asked of it: `gained 1 2`, `lost 1`, `handOver 2`, `trouble`. */
export class TestMember {
  readonly log: string[] = []
  names: readonly string[] = []
  /** What a hand-over waits for. */
  handingOver: () => Promise<void> = async () => undefined
  takenOver = 0
  readonly abort = new AbortController()
  readonly cluster: Cluster
  readonly ended: Promise<void>

  constructor(
    readonly name: string,
    store: ClusterStore,
    clock: Pick<ManualClock, 'nowMs' | 'sleep'>,
    names: readonly string[],
  ) {
    this.names = names
    const note = (word: string, leases: readonly Lease[]) =>
      void this.log.push([word, ...leases.map(({name}) => name)].join(' '))
    const options: ClusterOptions = {
      store,
      member: name,
      names: () => this.names,
      effects: {now: () => clock.nowMs, random: () => 1, sleep: clock.sleep},
      signal: this.abort.signal,
      gained: (leases, takenOver) => {
        note('gained', leases)
        this.takenOver += takenOver
      },
      lost: leases => note('lost', leases),
      handOver: leases => {
        note('handOver', leases)
        return this.handingOver()
      },
      onTrouble: error => void this.log.push(`trouble ${error instanceof Error ? error.message : error}`),
    }
    this.cluster = new Cluster(options)
    this.ended = this.cluster.run()
  }

  /** What it works on. */
  get held(): string[] {
    return [...this.cluster.held.keys()].sort()
  }
}
