import {seededRandom} from './random.js'
import {FAULT_KINDS, type FaultKind, type FaultSpec, occasionOf} from './spec.js'

/** Where a fault may strike; what is unknown there is left out. */
export interface Place {
  readonly roomId?: number | undefined
  readonly method?: string
  /** Without `/api/v1`. */
  readonly path?: string
}

/** A fault that strikes now. */
export interface Strike {
  readonly spec: FaultSpec
  /** How often this kind has struck before, for what comes in turn. */
  readonly nth: number
}

/** A fault that waits for its occasion. */
export interface Armed {
  readonly spec: FaultSpec
  /** How often it may still strike; without end it is Infinity. */
  readonly left: number
}

/** Who asks: a call, a message, a broadcast, each socket of a broadcast, a broadcast that has gone out, or a timer. */
export type Asker = 'call' | 'message' | 'broadcast' | 'socket' | 'after' | 'timer'

const HANDSHAKE_PATH = '/ws'

interface Entry extends Armed {
  readonly asker: Asker
  readonly random: () => number
  left: number
}

/**
 * What is armed, and whether it strikes: no effects, no clock. At each occasion one fault strikes at most, the one that
 * was armed first. Each draws from random numbers of its own, so that the way in which calls and broadcasts mix changes
 * nothing of what happens to either.
 */
export class FaultPlan {
  #entries: readonly Entry[] = []
  #streams = 0
  readonly #counts = Object.fromEntries(FAULT_KINDS.map(kind => [kind, 0])) as Record<FaultKind, number>

  constructor(readonly seed: number) {}

  /** Nothing can strike. */
  get isIdle(): boolean {
    return this.#entries.length === 0
  }

  /** Has a valid spec wait for its occasion. */
  arm(spec: FaultSpec): Armed {
    const left = spec.count ?? (spec.ratio === undefined && spec.everyMs === undefined ? 1 : Infinity)
    const entry = {spec, asker: askerOf(spec), left, random: seededRandom(this.seed, this.#streams)}
    this.#streams += 1
    this.#entries = [...this.#entries, entry]
    return entry
  }

  /** The fault that strikes here, if any; it counts as having struck. */
  strike(asker: Asker, place: Place = {}): Strike | undefined {
    for (const entry of this.#entries) {
      if (entry.asker === asker && matches(entry.spec, place) && draws(entry)) return this.#use(entry)
    }
    return undefined
  }

  /** The strike of one fault whose time has come; undefined when it is used up or was cleared. */
  strikeOf(armed: Armed): Strike | undefined {
    const entry = this.#entries.find(candidate => candidate === armed)
    return entry && this.#use(entry)
  }

  /** A strike of a fault that waits for nothing. */
  strikeAtOnce(spec: FaultSpec): Strike {
    this.#counts[spec.kind] += 1
    return {spec, nth: this.#counts[spec.kind] - 1}
  }

  clear(): void {
    this.#entries = []
  }

  armed(): readonly Armed[] {
    return this.#entries.map(({spec, left}) => ({spec, left}))
  }

  /** How often each kind has struck since the start. */
  counts(): Readonly<Record<FaultKind, number>> {
    return {...this.#counts}
  }

  #use(entry: Entry): Strike {
    entry.left -= 1
    if (entry.left === 0) this.#entries = this.#entries.filter(other => other !== entry)
    return this.strikeAtOnce(entry.spec)
  }
}

function askerOf({kind, ratio, everyMs}: FaultSpec): Asker {
  if (kind === 'swallow' && ratio !== undefined) return 'socket'
  const occasion = occasionOf(kind)
  if (occasion !== 'moment') return occasion
  return everyMs === undefined ? 'after' : 'timer'
}

function draws({spec, random}: Entry): boolean {
  return spec.ratio === undefined || random() < spec.ratio
}

function matches({roomId, method, path}: FaultSpec, place: Place): boolean {
  if (roomId !== undefined && roomId !== place.roomId) return false
  if (method !== undefined && method !== place.method) return false
  // A handshake is no REST call: only who names it means it.
  if (place.path === HANDSHAKE_PATH) return path === HANDSHAKE_PATH
  return path === undefined || (place.path?.startsWith(path) ?? false)
}
