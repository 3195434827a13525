import type {Carry} from '../realtime/hub.js'
import {BroadcastFaults} from './broadcasts.js'
import {checkFault} from './check.js'
import {type Armed, FaultPlan, type Place, type Strike} from './plan.js'
import {DEFAULT_DURATION_MS, type FaultKind, type FaultSpec, occasionOf} from './spec.js'
import {type SetTimer, Waits} from './waits.js'

/** The faults of a running sandbox. */
export interface FaultControl {
  /** What chance is drawn from: the same seed and the same occasions give the same faults. */
  readonly seed: number
  /**
   * Arms a fault. What strikes at once (`drop`, `close`, `silent`, `refuse`, `restart`, `expire`, without `ratio` and
   * `everyMs`) has struck when this returns; the others wait for their occasion.
   * @throws {VezaError} `usage` for a fault that could not strike as it says.
   */
  arm(spec: FaultSpec): void
  /** Disarms all, and ends at once what lasts: held frames go out, silent sockets speak, the server listens. */
  clear(): void
  /** How often each kind has struck since the start. */
  counts(): Readonly<Record<FaultKind, number>>
  /** What waits for an occasion, in the order in which it was armed. */
  armed(): readonly Armed[]
}

/** Joins the plan with what strikes: the places of the server where faults happen ask here. */
export class Faults implements FaultControl {
  readonly waits: Waits
  readonly #plan: FaultPlan
  readonly #broadcasts: BroadcastFaults
  readonly #onMoment: (spec: FaultSpec) => void
  readonly #hidden = new Set<number>()
  #refusals = 0

  /** `onMoment` strikes what strikes at once. */
  constructor(seed: number, onMoment: (spec: FaultSpec) => void, setTimer?: SetTimer) {
    this.waits = new Waits(setTimer)
    this.#plan = new FaultPlan(seed)
    this.#onMoment = onMoment
    this.#broadcasts = new BroadcastFaults(this.#plan, this.waits, onMoment)
  }

  get seed(): number {
    return this.#plan.seed
  }

  /** How the hub is to bring frames to sockets. */
  get carry(): Carry {
    return this.#broadcasts.carry
  }

  /** The messages that no history has yet. */
  get hidden(): readonly number[] {
    return [...this.#hidden]
  }

  /** Whether each new connection and each call is to be reset. */
  get isRefusing(): boolean {
    return this.#refusals > 0
  }

  arm(spec: FaultSpec): void {
    checkFault(spec)
    const isAtOnce =
      occasionOf(spec.kind) === 'moment' && spec.ratio === undefined && spec.everyMs === undefined
    if (isAtOnce) {
      this.#plan.strikeAtOnce(spec)
      this.#onMoment(spec)
      return
    }
    const armed = this.#plan.arm(spec)
    if (spec.everyMs !== undefined) this.#repeat(armed, spec.everyMs)
  }

  clear(): void {
    this.#plan.clear()
    this.waits.flush()
  }

  counts(): Readonly<Record<FaultKind, number>> {
    return this.#plan.counts()
  }

  armed(): readonly Armed[] {
    return this.#plan.armed()
  }

  /** The fault that strikes this call, if any. */
  strikeCall(place: Place): Strike | undefined {
    return this.#plan.isIdle ? undefined : this.#plan.strike('call', place)
  }

  /** Has a new message shown now, or after it was hidden for as long as a fault says. */
  showMessage(id: number, roomId: number | undefined, show: () => void): void {
    const strike = this.#plan.isIdle ? undefined : this.#plan.strike('message', {roomId})
    if (strike === undefined) {
      show()
      return
    }
    this.#hidden.add(id)
    this.waits.after(strike.spec.durationMs ?? DEFAULT_DURATION_MS, () => {
      this.#hidden.delete(id)
      show()
    })
  }

  refuseFor(durationMs: number): void {
    this.#refusals += 1
    this.waits.after(durationMs, () => {
      this.#refusals -= 1
    })
  }

  #repeat(armed: Armed, everyMs: number): void {
    this.waits.after(everyMs, () => {
      const strike = this.#plan.strikeOf(armed)
      if (!strike) return
      this.#onMoment(strike.spec)
      this.#repeat(armed, everyMs)
    })
  }
}
