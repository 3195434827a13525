import type {Place, ServerWords} from './types.js'

const MINUTE_MS = 60_000
/** Section 3 of the contract: the server takes 10 at once. Half of it is left for what else the account sends. */
const MOST_AT_ONCE = 5
/** At once goes what is due in so many seconds: with a small limit one by one. */
const BURST_SECONDS = 5
/** A server is not believed for longer: a wrong clock must not silence an account for years. */
const LONGEST_STOP_MS = 3_600_000

/** How fast messages may leave. */
export interface Pace {
  /** From one message to the next; 0: no limit. */
  readonly intervalMs: number
  /** How many leave at once after a pause. */
  readonly burst: number
}

/** What is shared of a line: a leaky bucket, kept as the moment at which it will have run empty. Times since 1970. */
export interface BucketState {
  readonly emptyAtMs: number
  /** The server takes nothing before. */
  readonly stoppedUntilMs: number
  /** How often the server has stopped the line. */
  readonly stops: number
  /** As in `Place`. */
  readonly serverLimit: number
  /** When this was written, to notice a clock that was put back. */
  readonly writtenMs: number
}

/** A line that nobody has used. */
export const EMPTY_BUCKET: BucketState = {
  emptyAtMs: 0,
  stoppedUntilMs: 0,
  stops: 0,
  serverLimit: 0,
  writtenMs: 0,
}

/** The limit that holds: ours, or the server's where that is lower. 0 for none: then the server is obeyed when it says stop. */
export function limitInForce(ownLimit: number, serverLimit: number): number {
  return serverLimit === 0 ? ownLimit : Math.min(ownLimit, serverLimit)
}

/** The pace of so many messages a minute. */
export function paceOf(limit: number): Pace {
  if (limit === 0) return {intervalMs: 0, burst: 1}
  const intervalMs = MINUTE_MS / limit
  const due = Math.floor((BURST_SECONDS * 1000) / intervalMs)
  return {intervalMs, burst: Math.min(MOST_AT_ONCE, Math.max(1, due))}
}

/**
 * The next place in the line (the generic cell rate algorithm): each message fills the bucket by one interval, and waits
 * for as much as is then above its rim. So at most `limit` and one burst leave in any minute, the rest in steady steps
 * and in order of arrival. Pure.
 */
export function enter(
  stored: BucketState,
  nowMs: number,
  {ownLimit, maxWaitMs}: {readonly ownLimit: number; readonly maxWaitMs: number},
): {readonly place: Place; readonly state: BucketState} {
  const state = current(stored, nowMs)
  const {stops, serverLimit, stoppedUntilMs} = state
  const limit = limitInForce(ownLimit, serverLimit)
  const {intervalMs, burst} = paceOf(limit)
  const emptyAtMs = Math.max(state.emptyAtMs, nowMs) + intervalMs
  const waitMs = Math.max(0, emptyAtMs - burst * intervalMs - nowMs, stoppedUntilMs - nowMs)
  const taken = waitMs <= maxWaitMs
  const place = {waitMs, taken, stops, limit, serverLimit}
  return {place, state: taken ? {...state, emptyAtMs, writtenMs: nowMs} : state}
}

/** The line after a place was given back. Pure. */
export function leave(stored: BucketState, nowMs: number, {limit}: Place): BucketState {
  const state = current(stored, nowMs)
  return {...state, emptyAtMs: state.emptyAtMs - paceOf(limit).intervalMs, writtenMs: nowMs}
}

/**
 * The line after the server said something. When it stops the line, all places are void and the line begins anew at
 * the end of the stop, in single steps: everybody who waited takes a new place when his old turn comes, so the order is
 * kept and nobody is let go in a crowd. Pure.
 */
export function note(stored: BucketState, nowMs: number, ownLimit: number, words: ServerWords): BucketState {
  const state = {
    ...current(stored, nowMs),
    writtenMs: nowMs,
    ...(words.limit === undefined ? {} : {serverLimit: words.limit}),
  }
  const stoppedUntilMs = nowMs + stopMs(words)
  if (stoppedUntilMs <= Math.max(nowMs, state.stoppedUntilMs)) return state
  const emptyAtMs = stoppedUntilMs + headStartMs(limitInForce(ownLimit, state.serverLimit))
  return {...state, stoppedUntilMs, emptyAtMs, stops: state.stops + 1}
}

/** How long a stop holds; 0 where the words are none. */
export function stopMs({waitMs = 0}: ServerWords): number {
  return Math.min(waitMs, LONGEST_STOP_MS)
}

/** How full the bucket is when just one message may leave at once. */
export function headStartMs(limit: number): number {
  const {intervalMs, burst} = paceOf(limit)
  return (burst - 1) * intervalMs
}

/** The state by a clock that may have been put back since it was written. */
function current(state: BucketState, nowMs: number): BucketState {
  const backMs = Math.max(0, state.writtenMs - nowMs)
  if (backMs === 0) return state
  const {emptyAtMs, stoppedUntilMs} = state
  return {...state, emptyAtMs: emptyAtMs - backMs, stoppedUntilMs: stoppedUntilMs - backMs, writtenMs: nowMs}
}
