import {FAULT_KINDS, type FaultKind, type FaultSpec, occasionOf} from '../../../src/sandbox/faults/spec.js'
import type {Dice} from './dice.js'

/** A fault, and how many messages have been given to the senders when it is armed. */
export interface PlannedFault {
  readonly atMessage: number
  readonly spec: FaultSpec
}

/** What a plan is made for. */
export interface PlanOptions {
  readonly messages: number
  readonly faults: number
  /** The room whose broadcasts and sockets some faults are confined to. */
  readonly roomId: number
  /** Default: all. */
  readonly kinds?: readonly FaultKind[] | undefined
  readonly dice: Dice
}

/** Longer than the silence that kills a connection in these runs, so that some are noticed and some are sat out. */
const LONGEST_SILENCE_MS = 600
const LONGEST_OUTAGE_MS = 300
const LONGEST_DELAY_MS = 150
const LONGEST_HANG_MS = 600
/** A server that asks for more than a second would only make the run longer. */
const LONGEST_RETRY_AFTER_MS = 1_000
/** What a server sends that goes on to serve. Those that say "never come back" end a tail by right. */
const PASSING_CODES = [1000, 1001, 1011, 1012, 1013, 1014, 3008, 4000]

/** Faults at random moments, every kind equally often but for the rest, all that is random about them from the dice. */
export function planFaults(options: PlanOptions): PlannedFault[] {
  const {messages, faults, roomId, kinds: all = FAULT_KINDS, dice} = options
  const kinds = dice.shuffled(Array.from({length: faults}, (_, nth) => all[nth % all.length]!))
  return kinds
    .map(kind => ({atMessage: momentOf(kind, messages, dice), spec: specOf(kind, roomId, dice)}))
    .sort((a, b) => a.atMessage - b.atMessage)
}

/** Half of the time no connection is cut: only there live messages, late ones and comparisons with history meet faults. */
const LONGEST_STRETCH = 10_000

function momentOf(kind: FaultKind, messages: number, dice: Dice): number {
  if (occasionOf(kind) !== 'moment') return dice.between(1, messages)
  const stretch = Math.min(LONGEST_STRETCH, messages / 2)
  const place = dice.between(1, Math.floor(messages / 2))
  return Math.floor(place / stretch) * stretch + place
}

function specOf(kind: FaultKind, roomId: number, dice: Dice): FaultSpec {
  const here = dice.of([{}, {roomId}])
  switch (kind) {
    case 'drop':
      return {kind, ...here}
    case 'close':
      return {kind, ...here, code: dice.of(PASSING_CODES)}
    case 'silent':
      return {kind, ...here, durationMs: dice.between(1, LONGEST_SILENCE_MS)}
    case 'refuse':
    case 'restart':
      return {kind, durationMs: dice.between(1, LONGEST_OUTAGE_MS)}
    case 'expire':
      return {kind}
    case 'swallow':
    case 'duplicate':
    case 'garbage':
      return {kind, ...here, ...oftenness(dice)}
    case 'reorder':
    case 'delay':
    case 'late':
      return {kind, ...here, ...oftenness(dice), durationMs: dice.between(1, LONGEST_DELAY_MS)}
    case 'rate_limit':
      return {kind, ...target(dice), durationMs: dice.between(1, LONGEST_RETRY_AFTER_MS)}
    case 'hang':
      return {kind, ...target(dice), durationMs: dice.between(1, LONGEST_HANG_MS)}
    default:
      return {kind, ...target(dice)}
  }
}

function oftenness(dice: Dice): Partial<FaultSpec> {
  const count = dice.between(1, 20)
  return dice.of([{count: 1}, {count}, {count, ratio: dice.between(1, 9) / 10}])
}

/** Half of them for those who read: the senders never GET. */
function target(dice: Dice): Partial<FaultSpec> {
  return dice.of([{}, {method: 'POST'}, {method: 'GET', path: '/rooms'}, {path: '/ws'}])
}
