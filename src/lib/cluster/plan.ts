import type {GroupView, Lease} from '../state/redis/cluster-store.js'
import {spread} from './spread.js'

/** What a member knows before it acts. */
export interface Situation {
  readonly member: string
  /** All there is to do, as this member knows it. */
  readonly names: readonly string[]
  readonly view: GroupView
  /** The leases it works with. */
  readonly held: ReadonlyMap<string, Lease>
  /** By name: what it is handing over already. Nothing begins anew on these before that is done. */
  readonly ending: {has(name: string): boolean}
}

/** What a member has to do about its leases. */
export interface Plan {
  /** It works with these, and somebody else has them, or nobody. */
  readonly lost: readonly Lease[]
  /** They are somebody else's from now on: the work on them is to end. */
  readonly handOver: readonly Lease[]
  /** They are this member's without its knowledge, as an answer was lost: it can begin. */
  readonly adopt: readonly Lease[]
  /** They are this member's, and it does not work with them and is not to. */
  readonly release: readonly Lease[]
  /** Free, and to be this member's. */
  readonly take: readonly string[]
  /** Of `take`, those whose holder is gone without a word. */
  readonly orphans: ReadonlySet<string>
}

/**
 * Decides that, so that in the end each name has a member, and each member within one as many as any other. Nothing is left
 * or handed to a member that has not been heard of for a while, though it keeps what it has: it may never come back.
 */
export function plan({member, names, view, held, ending}: Situation): Plan {
  const wanted = new Set(names)
  const free = [...wanted].filter(name => isFree(name, view))
  const owners = spread([...free, ...heldByLively(view)], view.lively)
  const isMine = (name: string): boolean => wanted.has(name) && owners.get(name) === member
  const isStill = (lease: Lease): boolean => isOf(member, lease, view)
  const unknown = [...view.leases]
    .filter(([, holding]) => holding.member === member)
    .map(([name, {token}]) => ({name, token}))
    .filter(({name, token}) => held.get(name)?.token !== token)
  const take = free.filter(name => isMine(name) && !ending.has(name))
  const isEven = areLivelyEven(view)
  return {
    lost: [...held.values()].filter(lease => !isStill(lease)),
    handOver: [...held.values()]
      .filter(lease => isStill(lease) && !ending.has(lease.name))
      .filter(({name}) => !wanted.has(name) || !(isEven || isMine(name))),
    adopt: unknown.filter(({name}) => isMine(name)),
    release: unknown.filter(({name}) => !isMine(name)),
    take,
    orphans: new Set(take.filter(name => view.leases.has(name))),
  }
}

/**
 * What is somebody's counts for the spread, too: one member hears of a new room before another, and until both know of it
 * they would disagree about a few others.
 */
function heldByLively({leases, lively}: GroupView): string[] {
  return [...leases].filter(([, {member}]) => lively.includes(member)).map(([name]) => name)
}

function isFree(name: string, {leases, members}: GroupView): boolean {
  const holding = leases.get(name)
  return holding === undefined || !members.includes(holding.member)
}

function isOf(member: string, {name, token}: Lease, {leases}: GroupView): boolean {
  const holding = leases.get(name)
  return holding?.member === member && holding.token === token
}

/** Whether these have as many as any other, within one: then nobody has to give anything away, however it came about. */
function areLivelyEven({leases, lively}: GroupView): boolean {
  const counts = new Map(lively.map(member => [member, 0]))
  for (const {member} of leases.values()) {
    const count = counts.get(member)
    if (count !== undefined) counts.set(member, count + 1)
  }
  return Math.max(...counts.values()) - Math.min(...counts.values()) <= 1
}
