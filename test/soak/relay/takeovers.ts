import type {Share} from './stream.js'

/** A room whose member was killed or frozen, until somebody has it again. */
export interface Takeover {
  readonly roomId: number
  readonly kind: 'kill' | 'freeze'
  readonly sinceMs: number
  readonly tookMs: number
  /** The very member was back before its lease had ended. */
  readonly isSame: boolean
}

interface Wait {
  readonly roomId: number
  readonly kind: 'kill' | 'freeze'
  readonly victim: string
  readonly sinceMs: number
}

/** Reads off the leases how long each room was without a member that works. Times are of one monotonic clock, in milliseconds. */
export class Takeovers {
  readonly done: Takeover[] = []
  readonly #waits = new Set<Wait>()
  #holders: Share['holders'] = new Map()

  /** Rooms that nobody works on. */
  get open(): readonly {readonly roomId: number; readonly sinceMs: number}[] {
    return [...this.#waits]
  }

  /** How many rooms each member has. */
  get shares(): ReadonlyMap<string, number> {
    const shares = new Map<string, number>()
    for (const member of this.#holders.values()) shares.set(member, (shares.get(member) ?? 0) + 1)
    return shares
  }

  /** A member does no more from now on. */
  struck(victim: string, kind: Wait['kind'], nowMs: number): void {
    for (const [roomId, member] of this.#holders)
      if (member === victim) this.#waits.add({roomId, kind, victim, sinceMs: nowMs})
  }

  /** The leases as they are. `isWorking`: whether a member is neither dead nor frozen. */
  look(holders: Share['holders'], isWorking: (member: string) => boolean, nowMs: number): void {
    this.#holders = holders
    for (const wait of this.#waits) {
      const {roomId, kind, victim, sinceMs} = wait
      const holder = holders.get(roomId)
      if (holder === undefined || (holder === victim && !isWorking(victim))) continue
      this.#waits.delete(wait)
      this.done.push({roomId, kind, sinceMs, tookMs: nowMs - sinceMs, isSame: holder === victim})
    }
  }
}
