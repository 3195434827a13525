import type {Carry, Subscriber} from '../realtime/hub.js'
import {brokenFrame} from './garbage.js'
import type {FaultPlan, Strike} from './plan.js'
import {DEFAULT_DURATION_MS, type FaultSpec} from './spec.js'
import type {Waits} from './waits.js'

/** One frame on its way. */
interface Delivery {
  readonly frame: Buffer
  readonly to: readonly Subscriber[]
  readonly roomId: number | undefined
  readonly isBinary?: boolean
}

/** Broadcasts of a room, or of all, that are held until its end. */
interface Delay {
  readonly roomId: number | undefined
  readonly held: Delivery[]
}

/** Carries broadcasts from the hub to the sockets, with the faults that the plan has for them. */
export class BroadcastFaults {
  /** Those that wait for the next of their room, to change places with it. */
  #waiting: readonly Delivery[] = []
  #delays: readonly Delay[] = []

  constructor(
    readonly plan: FaultPlan,
    readonly waits: Waits,
    /** Strikes what strikes at once: a fault with a ratio has had its broadcast. */
    readonly onMoment: (spec: FaultSpec) => void,
  ) {}

  readonly carry: Carry = (frame, to, roomId) => {
    if (this.plan.isIdle && this.#waiting.length === 0 && this.#delays.length === 0) {
      for (const subscriber of to) subscriber.deliver(frame)
      return
    }
    const place = {roomId}
    const strike = this.plan.strike('broadcast', place)
    const reached = [...to].filter(() => this.plan.strike('socket', place) === undefined)
    for (const delivery of this.#bent(strike, {frame, to: reached, roomId})) this.#pass(delivery)
    const moment = this.plan.strike('after', place)
    if (moment) this.onMoment(moment.spec)
  }

  #bent(strike: Strike | undefined, delivery: Delivery): readonly Delivery[] {
    switch (strike?.spec.kind) {
      case 'swallow':
        return []
      case 'reorder':
        this.#hold(delivery, strike.spec)
        return []
      case 'delay':
        this.#delay(strike.spec)
        return [delivery]
      case 'duplicate':
        return [delivery, delivery, ...this.#overtaken(delivery)]
      case 'garbage': {
        const {bytes, isBinary} = brokenFrame(strike.nth)
        return [{...delivery, frame: bytes, isBinary}, delivery, ...this.#overtaken(delivery)]
      }
      default:
        return [delivery, ...this.#overtaken(delivery)]
    }
  }

  #hold(delivery: Delivery, {durationMs = DEFAULT_DURATION_MS}: FaultSpec): void {
    this.#waiting = [...this.#waiting, delivery]
    this.waits.after(durationMs, () => {
      if (!this.#waiting.includes(delivery)) return
      this.#waiting = this.#waiting.filter(other => other !== delivery)
      this.#pass(delivery)
    })
  }

  /** Those that waited for this one. */
  #overtaken({roomId}: Delivery): readonly Delivery[] {
    const overtaken = this.#waiting.filter(other => other.roomId === roomId)
    if (overtaken.length > 0) this.#waiting = this.#waiting.filter(other => other.roomId !== roomId)
    return overtaken
  }

  #delay({roomId, durationMs = DEFAULT_DURATION_MS}: FaultSpec): void {
    const delay: Delay = {roomId, held: []}
    this.#delays = [...this.#delays, delay]
    this.waits.after(durationMs, () => {
      this.#delays = this.#delays.filter(other => other !== delay)
      for (const delivery of delay.held) send(delivery)
    })
  }

  #pass(delivery: Delivery): void {
    const delay = this.#delays.find(({roomId}) => roomId === undefined || roomId === delivery.roomId)
    if (delay) delay.held.push(delivery)
    else send(delivery)
  }
}

function send({frame, to, isBinary}: Delivery): void {
  for (const subscriber of to) subscriber.deliver(frame, isBinary)
}
